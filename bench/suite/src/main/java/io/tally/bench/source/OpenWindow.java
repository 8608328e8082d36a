package io.tally.bench.source;

import io.tally.process.IpCounts;
import io.tally.process.LineWriter;

/** A window while the writer of a source counts what it writes. */
final class OpenWindow {
    private final long start;
    private final int[] counts;
    private final long[] sums;

    /** @param start in seconds of event time */
    OpenWindow(long start, int ips) {
        this.start = start;
        counts = new int[ips];
        sums = new long[ips];
    }

    /** The start of the window of a record. */
    static long start(long second) {
        return Math.floorDiv(second, IpCounts.SIZE) * IpCounts.SIZE;
    }

    long start() {
        return start;
    }

    /** Counts a record. */
    void add(int ip, int number) {
        counts[ip]++;
        sums[ip] += number;
    }

    /** Adds its rows to all. */
    void close(RecordFormat format, RowDigest rows) {
        String text = RecordFormat.text(start);
        for (int ip = 0; ip < counts.length; ip++) {
            if (counts[ip] > 0) {
                rows.add(format.row(text, LineWriter.ip(ip), counts[ip], sums[ip]));
            }
        }
    }
}
