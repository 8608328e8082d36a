package io.tally.bench.source;

import io.tally.bench.ground.Bench;

/**
 * What a source is to be like.
 *
 * @param topic its name
 * @param format of its records
 * @param partitions number of its partitions, and of the sinks'
 * @param lines how many records it has, without those that close the last windows
 * @param ips how many different ones there are
 * @param seconds of event time that the records are spread over
 */
public record SourceSpec(String topic, RecordFormat format, int partitions, int lines, int ips, int seconds) {
    private static final int SECONDS = 250;

    /** A source of the partitions and the length that most have. */
    public static SourceSpec of(String topic, RecordFormat format, int lines, int ips) {
        return new SourceSpec(topic, format, Bench.PARTITIONS, lines, ips, SECONDS);
    }

    public SourceSpec withPartitions(int number) {
        return new SourceSpec(topic, format, number, lines, ips, seconds);
    }

    public SourceSpec withSeconds(int number) {
        return new SourceSpec(topic, format, partitions, lines, ips, number);
    }
}
