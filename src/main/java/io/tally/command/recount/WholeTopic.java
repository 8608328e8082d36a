package io.tally.command.recount;

import io.tally.codec.SourceRecord;
import io.tally.command.frame.Progress;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.util.ArrayList;
import java.util.List;

/** Reads all that a topic holds, partition by partition. */
public final class WholeTopic {
    /** Takes a record, which is valid only during the call. */
    public interface Receiver {
        /** A record of that partition. */
        void take(int partition, SourceRecord record);
    }

    /** Says what a partition holds: {@link LogReader#range} or {@link LogReader#settled}. */
    public interface Bounds {
        /** What is read of a partition. */
        OffsetRange of(String topic, int partition);
    }

    private WholeTopic() {}

    /**
     * Reads a topic.
     *
     * @param partitions how many it has
     * @param progress counts the records
     * @return what was read, by partition
     */
    public static List<OffsetRange> read(
            LogReader log, String topic, int partitions, Bounds bounds, Progress progress, Receiver receiver) {
        List<OffsetRange> ranges = new ArrayList<>(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            int here = partition;
            OffsetRange range = bounds.of(topic, partition);
            ranges.add(range);
            log.read(topic, partition, range, record -> {
                progress.add(1);
                receiver.take(here, record);
                return true;
            });
        }
        return ranges;
    }
}
