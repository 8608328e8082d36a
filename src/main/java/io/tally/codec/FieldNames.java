package io.tally.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * Hands out slots while a decoder is made. Each needed field gets one slot, and only if the source declares the field.
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
     * @param user what needs the field: a {@link io.tally.setting.Setting}, or words
     * @throws IllegalArgumentException if the source does not declare the field
     */
    public int slot(String name, Object user) {
        if (!source.declares(name)) {
            throw new IllegalArgumentException(user + " names the field '" + name + "', which the source does not"
                    + " declare; its fields are " + source.fieldNames());
        }
        int slot = names.indexOf(name);
        if (slot >= 0) {
            return slot;
        }
        names.add(name);
        return names.size() - 1;
    }

    /** The slot of a field, or {@link #NONE} if nothing needs the field. */
    public int slotOrNone(String name) {
        return names.indexOf(name);
    }

    public List<String> names() {
        return names;
    }
}
