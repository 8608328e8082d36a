package io.tally.bench.part;

import java.util.Map;

/**
 * What one run of one contender wrote to keep its state, while it kept up with a source.
 *
 * @param contender its name
 * @param lines of the source in that time
 * @param seconds how long that was
 * @param bytes by topic
 */
record StateMeasurement(String contender, long lines, double seconds, Map<String, Long> bytes) {
    double all() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    double bytesPerLine() {
        return all() / lines;
    }
}
