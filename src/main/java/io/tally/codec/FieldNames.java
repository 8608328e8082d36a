package io.tally.codec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Hands out slots while a decoder is put together: each field that some part needs gets one, once, and only if the
 * source declares it.
 */
public final class FieldNames {
    public static final int NONE = -1;

    private final SourceFormat source;
    private final List<String> names = new ArrayList<>();

    public FieldNames(SourceFormat source) {
        this.source = source;
    }

    /**
     * The slot of a field.
     *
     * @param user what needs it, as the configuration calls it
     * @throws IllegalArgumentException if the source does not declare the field
     */
    public int slot(String name, String user) {
        Collection<String> declared = source.fieldNames();
        if (!declared.contains(name)) {
            throw new IllegalArgumentException(user + " names the field '" + name + "', which the source does not"
                    + " declare; its fields are " + declared);
        }
        int slot = names.indexOf(name);
        if (slot >= 0) {
            return slot;
        }
        names.add(name);
        return names.size() - 1;
    }

    /** The slot that the field got, or {@link #NONE} if nothing needs it. */
    public int slotOrNone(String name) {
        return names.indexOf(name);
    }

    public List<String> names() {
        return names;
    }
}
