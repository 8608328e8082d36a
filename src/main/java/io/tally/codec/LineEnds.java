package io.tally.codec;

import io.tally.codec.bytes.ByteScan;

/** Where lines end, in one form of text: some may hold line feeds between quotes. */
@FunctionalInterface
public interface LineEnds {
    /** Each line feed ends a line. */
    LineEnds LINE_FEEDS = (bytes, from, to) -> ByteScan.indexOf(bytes, from, to, (byte) '\n');

    /** Index of the line feed that ends the line that begins at {@code from}, or {@code to} if there is none. */
    int next(byte[] bytes, int from, int to);
}
