package io.tally.codec;

import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteScan;
import io.tally.setting.Setting;

/** Where lines end, in one form of text: some may hold line feeds between quotes. */
@FunctionalInterface
public interface LineEnds {
    /** Each line feed ends a line. */
    LineEnds LINE_FEEDS = (bytes, from, to) -> ByteScan.indexOf(bytes, from, to, (byte) '\n');

    /** Index of the line feed that ends the line that begins at {@code from}, or {@code to} if there is none. */
    int next(byte[] bytes, int from, int to);

    /**
     * The rejection of a value that is to be one line.
     *
     * @param firstEnd where its first line ends, before {@code to}
     */
    default RejectedException several(byte[] bytes, int firstEnd, int to) {
        int lines = 1;
        for (int end = firstEnd; end < to; end = next(bytes, end + 1, to)) {
            lines++;
        }
        return new RejectedException(
                Reason.SEVERAL_EVENTS,
                "the record holds " + lines + " lines; " + Setting.SOURCE_SPLIT + ": lines makes an event of each, "
                        + Setting.SOURCE_SPLIT + ": whole" + " takes them as one");
    }
}
