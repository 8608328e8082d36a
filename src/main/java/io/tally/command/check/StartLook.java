package io.tally.command.check;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.pipeline.Committed;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.pipeline.partition.StartForecast;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.TopicConfigs;
import io.tally.plan.cluster.TopicFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Looks at what is committed for each partition, and at as much of its state as a forecast needs. */
final class StartLook {
    private final KafkaPipeline pipeline;
    private final ClusterFacts cluster;
    private final LogReader log;

    StartLook(KafkaPipeline pipeline, ClusterFacts cluster, LogReader log) {
        this.pipeline = pipeline;
        this.cluster = cluster;
        this.log = log;
    }

    /**
     * What a start would do with each partition; empty if the source does not exist.
     *
     * @param progress takes the number of partitions that are done, one by one
     */
    List<PartitionStart> starts(LongConsumer progress) {
        TopicFacts source = cluster.topic(pipeline.topics().source());
        List<PartitionStart> starts = new ArrayList<>();
        if (source == null) {
            return starts;
        }
        // To ask the coordinator would create the topic.
        SortedMap<Integer, CommittedOffset> committed = cluster.lacks(ClusterFacts.OFFSETS_TOPIC)
                ? new TreeMap<>()
                : log.committed(pipeline.groupId(), source.name());
        for (int partition = 0; partition < source.partitions(); partition++) {
            starts.add(start(source, partition, committed.get(partition)));
            progress.accept(1);
        }
        return starts;
    }

    private PartitionStart start(TopicFacts source, int partition, @Nullable CommittedOffset offset) {
        OffsetRange held = log.range(source.name(), partition);
        Committed committed = offset == null
                ? new Committed(false, pipeline.startAtEnd() ? held.to() : held.from(), "", held.from(), held.to())
                : new Committed(true, offset.offset(), offset.metadata(), held.from(), held.to());
        SourcePartition place = new SourcePartition(
                pipeline.spec().name(),
                pipeline.groupId(),
                source.name(),
                source.id(),
                partition,
                source.partitions(),
                // As at a start: what may not be read counts as compacted.
                source.config() == null || TopicConfigs.isCompacted(source.config()),
                pipeline.topics().state(),
                side(source));
        try (StartForecast forecast = new StartForecast(place, pipeline.spec(), committed)) {
            readState(partition, forecast);
            return new PartitionStart(partition, held, offset != null, forecast.outlook());
        }
    }

    private void readState(int partition, StartForecast forecast) {
        TopicFacts state = cluster.topic(pipeline.topics().state());
        if (state == null || partition >= state.partitions()) {
            return;
        }
        OffsetRange range = log.range(state.name(), partition);
        log.read(
                state.name(),
                partition,
                range,
                (SourceRecord record) -> forecast.state(record.offset(), copy(record.key()), copy(record.value())));
    }

    private static byte @Nullable [] copy(@Nullable ByteRange range) {
        return range == null ? null : range.copy();
    }

    private @Nullable ShuffleSide side(TopicFacts source) {
        ShuffleRoute shuffle = pipeline.shuffle();
        if (shuffle == null) {
            return null;
        }
        TopicFacts topic = cluster.topic(shuffle.topic());
        int partitions = topic != null
                ? topic.partitions()
                : shuffle.partitions() != null ? shuffle.partitions() : source.partitions();
        StageKind stage = pipeline.stage();
        return new ShuffleSide(stage, shuffle.topic(), partitions, shuffle.source(), shuffle.sourceGroup());
    }
}
