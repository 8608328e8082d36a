package io.tally.codec.key;

import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;
import io.tally.codec.bytes.Utf8;
import io.tally.setting.Setting;
import org.jspecify.annotations.Nullable;

/** The rules that every group key must keep, and its comparison with the record key and the record's partition. */
final class KeyRules {
    static final int MAX_QUOTE = 28;
    private static final String REMEDY =
            "declare another key, or set " + Setting.KEY_VERIFY + "=false to use a shuffle";

    private final int maxBytes;
    private final boolean verify;
    /** Null if record keys are as they are. */
    private final @Nullable JsonKey json;

    private final @Nullable Partitioner partitioner;

    KeyRules(KeySpec spec) {
        maxBytes = spec.maxBytes();
        verify = spec.verify() && !spec.fields().isEmpty();
        json = spec.form() == RecordKeyForm.JSON ? new JsonKey() : null;
        partitioner = spec.readsRecordKey() ? spec.partitioner() : null;
    }

    void check(byte[] bytes, int start, int length) {
        if (length == 0) {
            throw new RejectedException(Reason.BAD_KEY, "the group key is empty");
        }
        if (length > maxBytes) {
            throw new RejectedException(
                    Reason.BAD_KEY,
                    "the group key has " + length + " bytes, more than " + Setting.KEY_MAX_BYTES + " " + maxBytes + ": "
                            + Excerpt.quote(bytes, start, length));
        }
        if (!Utf8.isValid(bytes, start, length)) {
            throw new RejectedException(
                    Reason.BAD_KEY, "the group key is not UTF-8: " + Excerpt.quote(bytes, start, length));
        }
    }

    /** The group key that the record key stands for; null if there is none. */
    @Nullable
    ByteRange recordKey(SourceRecord record) {
        ByteRange key = record.key();
        return key == null || json == null ? key : json.read(key);
    }

    /** Compares the group key with the record key, if the pipeline verifies it. */
    void verify(SourceRecord record, byte[] bytes, int start, int length) {
        if (!verify) {
            return;
        }
        ByteRange recordKey = recordKey(record);
        if (recordKey == null) {
            throw new RejectedException(
                    Reason.NULL_KEY,
                    "the record has no key, its group key is " + quote(bytes, start, length) + ": " + REMEDY);
        }
        if (!isEqual(recordKey, bytes, start, length)) {
            throw new RejectedException(Reason.KEY_MISMATCH, mismatch(recordKey, bytes, start, length));
        }
        requirePlace(record);
    }

    private static boolean isEqual(ByteRange recordKey, byte[] bytes, int start, int length) {
        return recordKey.length() == length
                && ByteScan.equal(recordKey.bytes(), recordKey.start(), bytes, start, length);
    }

    private String mismatch(ByteRange recordKey, byte[] bytes, int start, int length) {
        String found = "record key " + quote(recordKey.bytes(), recordKey.start(), recordKey.length());
        String group = " the group key " + quote(bytes, start, length);
        return json == null && isJsonOf(recordKey, bytes, start, length)
                ? found + " is" + group + " as a JSON text: set " + Setting.KEY_RECORD_KEY + "=json"
                : found + " is not" + group + ": " + REMEDY;
    }

    private static boolean isJsonOf(ByteRange recordKey, byte[] bytes, int start, int length) {
        try {
            ByteRange value = new JsonKey().read(recordKey);
            return value != null && isEqual(value, bytes, start, length);
        } catch (RejectedException e) {
            return false;
        }
    }

    /** Compares the record's partition with that of its key, if that is asked for. */
    void requirePlace(SourceRecord record) {
        ByteRange key = record.key();
        if (partitioner == null || key == null) {
            return;
        }
        int right = partition(partitioner, key, record);
        if (right != record.partition()) {
            throw new RejectedException(Reason.WRONG_PARTITION, misplaced(partitioner, right, key, record));
        }
    }

    private static String misplaced(Partitioner expected, int right, ByteRange key, SourceRecord record) {
        StringBuilder text = new StringBuilder("record key ")
                .append(quote(key.bytes(), key.start(), key.length()))
                .append(" is in partition ")
                .append(record.partition())
                .append(", and by ")
                .append(expected.name().toLowerCase(java.util.Locale.ROOT))
                .append(" (" + Setting.KEY_PARTITIONER + ") belongs into ")
                .append(right);
        for (Partitioner other : Partitioner.values()) {
            if (partition(other, key, record) == record.partition()) {
                text.append("; it is where ").append(other.description()).append(", puts it");
                break;
            }
        }
        return text.append(": use a shuffle").toString();
    }

    private static int partition(Partitioner partitioner, ByteRange key, SourceRecord record) {
        return partitioner.partition(key.bytes(), key.start(), key.length(), record.partitions());
    }

    private static String quote(byte[] bytes, int start, int length) {
        return Excerpt.quote(bytes, start, length, MAX_QUOTE);
    }
}
