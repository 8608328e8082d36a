package io.tally.codec.sink;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names of a row's parts; each means one thing. */
final class RowNames {
    private RowNames() {}

    /**
     * Returns all names of a row.
     *
     * @param reserved those of the format itself
     * @throws IllegalArgumentException if a key field or an aggregate has the name of something else
     */
    static Set<String> of(List<String> reserved, List<String> keyFields, List<String> aggregates) {
        Set<String> names = new LinkedHashSet<>(reserved);
        for (String field : keyFields) {
            require(names.add(field), "key field", field, names);
        }
        for (String aggregate : aggregates) {
            require(names.add(aggregate), "aggregate", aggregate, names);
        }
        return names;
    }

    private static void require(boolean free, String what, String name, Set<String> names) {
        if (!free) {
            throw new IllegalArgumentException(what + " '" + name + "' has a name that the result row already uses: "
                    + names + "; choose another");
        }
    }
}
