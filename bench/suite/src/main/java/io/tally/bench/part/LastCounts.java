package io.tally.bench.part;

import io.tally.bench.source.LineParser;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The last count of each window and IP, of rows that may come again. */
final class LastCounts {
    private final long lastStart;
    private final Map<String, Long> counts = new HashMap<>();

    /** @param lastStart in seconds of event time; windows that begin later are left out */
    LastCounts(long lastStart) {
        this.lastStart = lastStart;
    }

    /** Start, IP, count, and perhaps a revision, or false where another row follows that may begin elsewhere. */
    void add(byte[] row) {
        if (LineParser.second(row) <= lastStart) {
            String[] words = new String(row, StandardCharsets.US_ASCII).split(" ", 4);
            if (words.length == 3 || !words[3].equals("false")) {
                counts.put(words[0] + " " + words[1], Long.valueOf(words[2]));
            }
        }
    }

    long sum() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
