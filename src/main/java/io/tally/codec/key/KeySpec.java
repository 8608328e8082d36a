package io.tally.codec.key;

import io.tally.setting.Setting;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the group key of a record is. It is UTF-8, never empty, and bounded.
 *
 * @param fields none: the record key. One: that field. Several: a JSON array of their texts, e.g. {@code ["a","b"]},
 *     without spaces, so that no two different combinations are the same key
 * @param verify whether the record key must equal the group key; without meaning when the group key is the record key
 * @param maxBytes longest group key, 1 to 65535 bytes
 * @param form how the record key is written
 * @param partitioner which partition a record must be in by its record key. That proves record by record that no key is
 *     in two partitions. Null for any
 */
public record KeySpec(
        List<String> fields,
        boolean verify,
        int maxBytes,
        RecordKeyForm form,
        @Nullable Partitioner partitioner) {
    /** Longest key that a window can hold. */
    private static final int LIMIT = 65_535;

    public KeySpec {
        fields = List.copyOf(fields);
        if (new HashSet<>(fields).size() != fields.size()) {
            throw new IllegalArgumentException(Setting.KEY_FIELDS + " must be different fields, not " + fields);
        }
        if (maxBytes < 1 || maxBytes > LIMIT) {
            throw new IllegalArgumentException(
                    Setting.KEY_MAX_BYTES + " must be 1 to " + LIMIT + ", not " + maxBytes + "; for example 1024");
        }
    }

    /** Record keys are plain texts, in any partition. */
    public KeySpec(List<String> fields, boolean verify, int maxBytes) {
        this(fields, verify, maxBytes, RecordKeyForm.TEXT, null);
    }

    /** Whether anything depends on the record key. */
    public boolean readsRecordKey() {
        return fields.isEmpty() || verify;
    }
}
