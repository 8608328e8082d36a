package io.tally.codec;

import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;
import io.tally.codec.bytes.Utf8;

/** What every group key must be, and how it is compared with the record key. */
final class KeyRules {
    private static final int MAX_QUOTE = 28;
    private static final String REMEDY =
            "declare another key, set key.verify=false if partitioned in another" + " compatible way, or use a shuffle";

    private final int maxBytes;
    private final boolean verify;

    KeyRules(int maxBytes, boolean verify) {
        this.maxBytes = maxBytes;
        this.verify = verify;
    }

    void check(byte[] bytes, int start, int length) {
        if (length == 0) {
            throw new RejectedException(Reason.BAD_KEY, "the group key is empty");
        }
        if (length > maxBytes) {
            throw new RejectedException(
                    Reason.BAD_KEY,
                    "the group key has " + length + " bytes, more than key.max-bytes " + maxBytes + ": "
                            + Excerpt.quote(bytes, start, length));
        }
        if (!Utf8.isValid(bytes, start, length)) {
            throw new RejectedException(
                    Reason.BAD_KEY, "the group key is not UTF-8: " + Excerpt.quote(bytes, start, length));
        }
    }

    /** Compares the group key with the record key, if that is asked for. */
    void verify(SourceRecord record, byte[] bytes, int start, int length) {
        if (!verify) {
            return;
        }
        ByteRange recordKey = record.key();
        if (recordKey == null) {
            throw new RejectedException(
                    Reason.NULL_KEY,
                    "the record has no key, its group key is " + quote(bytes, start, length) + ": " + REMEDY);
        }
        if (recordKey.length() != length
                || !ByteScan.equal(recordKey.bytes(), recordKey.start(), bytes, start, length)) {
            throw new RejectedException(
                    Reason.KEY_MISMATCH,
                    "record key " + quote(recordKey.bytes(), recordKey.start(), recordKey.length())
                            + " is not the group key " + quote(bytes, start, length) + ": " + REMEDY);
        }
    }

    private static String quote(byte[] bytes, int start, int length) {
        return Excerpt.quote(bytes, start, length, MAX_QUOTE);
    }
}
