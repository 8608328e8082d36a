package io.tally.command.explain;

import io.tally.command.MemoryLog;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.util.SortedMap;

/** Counts how many records are read. */
final class ReadLog implements LogReader {
    private final MemoryLog log;
    long records;

    ReadLog(MemoryLog log) {
        this.log = log;
    }

    @Override
    public int partitions(String topic) {
        return log.partitions(topic);
    }

    @Override
    public OffsetRange range(String topic, int partition) {
        return log.range(topic, partition);
    }

    @Override
    public OffsetRange settled(String topic, int partition) {
        return log.settled(topic, partition);
    }

    @Override
    public long offsetAt(String topic, int partition, long time) {
        return log.offsetAt(topic, partition, time);
    }

    @Override
    public long read(String topic, int partition, OffsetRange range, Receiver receiver) {
        return log.read(topic, partition, range, record -> {
            records++;
            return receiver.take(record);
        });
    }

    @Override
    public boolean isCompacted(String topic) {
        return log.isCompacted(topic);
    }

    @Override
    public SortedMap<Integer, CommittedOffset> committed(String group, String topic) {
        return log.committed(group, topic);
    }

    @Override
    public void close() {
        log.close();
    }
}
