package io.tally.simulation.shuffle;

import io.tally.checkpoint.CommitMetadata;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.simulation.SimulatedKafka;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A partition that a stage of a {@link ShuffleSimulation} works on, and the processor that lives at the moment. */
final class ShufflePartition<R extends SourceRecord> {
    final StageKind stage;
    final int number;
    final SimulatedKafka<R> kafka;
    /** Where its watermark was set back to, by offset. */
    final NavigableMap<Long, Long> setBacks = new TreeMap<>();

    @Nullable
    PartitionProcessor processor;

    ShufflePartition(StageKind stage, int number, List<R> source) {
        this.stage = stage;
        this.number = number;
        kafka = new SimulatedKafka<>(
                source, 0, source.isEmpty() ? 0 : source.get(source.size() - 1).offset() + 1);
    }

    /** Whether all that is there so far is committed. */
    boolean isAtEnd() {
        return kafka.offset() >= kafka.sourceEnd();
    }

    CommitMetadata committed() {
        return CommitMetadata.parse(kafka.committed().metadata());
    }

    /** A record of the shuffle topic. */
    record Message(long offset, long timestamp, ByteRange value) implements SourceRecord {
        @Override
        public @Nullable ByteRange key() {
            return null;
        }
    }
}
