package io.tally.config.problem;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * The names of all properties that a tree of records declares, from which one is suggested for an unknown name. The
 * name of a map's entry is the wildcard {@code *}, the index of a list {@code [*]}. A suggestion has what the user
 * wrote in place of wildcards.
 */
public final class KnownProperties {
    private final List<List<String>> names = new ArrayList<>();

    /** The properties below {@code prefix}, which {@code root} holds. */
    public KnownProperties(String prefix, Class<? extends Record> root) {
        collect(List.of(prefix), root);
    }

    /** All names, with wildcards. */
    public List<String> all() {
        return names.stream().map(KnownProperties::join).toList();
    }

    /** The known name that the user probably meant. */
    Optional<String> nearest(List<String> unknown) {
        List<String> candidates = names.stream()
                // In an open map every name is right, so there is nothing to suggest.
                .filter(name -> !name.get(name.size() - 1).equals("*"))
                .map(name -> join(substitute(name, unknown)))
                .toList();
        return EditDistance.nearestProperty(join(unknown), candidates, unknown.get(unknown.size() - 1)::equals);
    }

    /** Whether there is a property, or a group, of that name. */
    public boolean isKnown(List<String> name) {
        String wanted = uniform(join(name));
        return !children(name).isEmpty()
                || names.stream()
                        .anyMatch(
                                known -> uniform(join(substitute(known, name))).equals(wanted));
    }

    /** Whether this is a property that has a value, and no group. */
    boolean isValue(List<String> name) {
        return isKnown(name) && children(name).isEmpty();
    }

    /** Whether names of the user's choice may follow {@code group}. */
    boolean takesAnyName(List<String> group) {
        return children(group).contains("*");
    }

    /**
     * The name of a map's entry that the user wrote with dots, so that it was taken for several; null if there is none.
     */
    @Nullable
    String dottedName(List<String> unknown) {
        for (int from = 1; from < unknown.size(); from++) {
            for (int to = from + 2; to < unknown.size(); to++) {
                String dotted = String.join(".", unknown.subList(from, to));
                List<String> name = new ArrayList<>(unknown.subList(0, from));
                name.add(dotted);
                name.addAll(unknown.subList(to, unknown.size()));
                if (takesAnyName(unknown.subList(0, from)) && !isPipeline(unknown, from) && isKnown(name)) {
                    return dotted;
                }
            }
        }
        return null;
    }

    /** Pipelines have simpler names. */
    private static boolean isPipeline(List<String> name, int element) {
        return name.get(element - 1).equals("pipelines");
    }

    /** The names that may follow {@code group}; empty if it is no group. */
    Set<String> children(List<String> group) {
        Set<String> children = new LinkedHashSet<>();
        for (List<String> name : names) {
            if (name.size() > group.size()
                    && uniform(join(substitute(name, group).subList(0, group.size())))
                            .equals(uniform(join(group)))) {
                children.add(name.get(group.size()));
            }
        }
        return children;
    }

    private static List<String> substitute(List<String> name, List<String> actual) {
        List<String> result = new ArrayList<>(name);
        for (int i = 0; i < result.size(); i++) {
            if (result.get(i).contains("*") && i < actual.size()) {
                result.set(i, actual.get(i));
            }
        }
        return result;
    }

    private static String uniform(String name) {
        return name.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static String join(List<String> name) {
        return String.join(".", name).replace(".[", "[");
    }

    private void collect(List<String> path, Type type) {
        if (type instanceof Class<?> record && record.isRecord()) {
            for (RecordComponent component : record.getRecordComponents()) {
                collect(
                        append(path, DataObjectPropertyName.toDashedForm(component.getName())),
                        component.getGenericType());
            }
        } else if (type instanceof ParameterizedType parameterized && parameterized.getRawType() == Map.class) {
            collect(append(path, "*"), parameterized.getActualTypeArguments()[1]);
        } else if (type instanceof ParameterizedType parameterized
                && parameterized.getActualTypeArguments()[0] instanceof Class<?> element
                && element.isRecord()) {
            collect(append(path, "[*]"), element);
        } else {
            names.add(path);
        }
    }

    private static List<String> append(List<String> path, String segment) {
        List<String> result = new ArrayList<>(path);
        result.add(segment);
        return List.copyOf(result);
    }
}
