package io.tally.codec.decode;

import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;

/** The mark that editors and some producers put in front of a text to tell its encoding. In UTF-8 it has no meaning. */
final class ByteOrderMark {
    private static final int UTF_8 = 0xEF;

    private ByteOrderMark() {}

    /**
     * The value without the mark.
     *
     * @throws RejectedException if the mark is that of another encoding
     */
    static ByteRange skip(ByteRange value) {
        byte[] bytes = value.bytes();
        int start = value.start();
        // Nearly all records end here.
        if (value.length() < 2 || (bytes[start] & 0xFF) < UTF_8) {
            return value;
        }
        int first = bytes[start] & 0xFF;
        int second = bytes[start + 1] & 0xFF;
        if ((first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF)) {
            throw new RejectedException(
                    Reason.MALFORMED, "the value begins with the byte order mark of UTF-16; it must be UTF-8");
        }
        boolean marked = first == UTF_8 && second == 0xBB && value.length() > 2 && bytes[start + 2] == (byte) 0xBF;
        return marked ? new ByteRange().show(bytes, start + 3, value.end()) : value;
    }
}
