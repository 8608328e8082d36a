package io.tally.command.recount;

import io.tally.codec.SourceRecord;
import io.tally.command.frame.Progress;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which events of the source are in the late and dead-letter topics. These were not counted when they were read; it
 * does not matter what a later configuration makes of them. Takes some 150 bytes of heap for each.
 */
public final class SideIndex {
    /** A partition of one of the two topics. */
    public record Side(String topic, int partition) implements Comparable<Side> {
        @Override
        public int compareTo(Side other) {
            int byTopic = topic.compareTo(other.topic);
            return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
        }

        @Override
        public String toString() {
            return topic + "-" + partition;
        }
    }

    /** A place in a side topic. */
    public record Position(Side side, long offset) {}

    private final PipelineDefinition pipeline;
    private final Map<Coordinates, Position> positions = new HashMap<>();
    private final Map<Side, OffsetRange> held = new HashMap<>();
    /** The offset in the source of the first record, by topic and source partition. */
    private final Map<Side, Long> first = new HashMap<>();

    private SideIndex(PipelineDefinition pipeline) {
        this.pipeline = pipeline;
    }

    /** Reads both topics up to where they end now. */
    public static SideIndex read(PipelineDefinition pipeline, LogReader log, Progress progress) {
        SideIndex index = new SideIndex(pipeline);
        index.read(pipeline.topics().late(), log, progress);
        index.read(pipeline.topics().deadLetter(), log, progress);
        return index;
    }

    private void read(String topic, LogReader log, Progress progress) {
        int partitions = log.requirePartitions("topic", topic);
        // One for all records of a partition, as each keeps it.
        List<Side> sides = IntStream.range(0, partitions)
                .mapToObj(partition -> new Side(topic, partition))
                .toList();
        List<OffsetRange> ranges = WholeTopic.read(
                log,
                topic,
                partitions,
                log::settled,
                progress,
                (partition, record) -> add(sides.get(partition), record));
        sides.forEach(side -> held.put(side, ranges.get(side.partition())));
    }

    private void add(Side side, SourceRecord record) {
        SideView view = new SideView(record);
        Coordinates at = view.coordinatesIn(pipeline);
        if (at != null) {
            positions.put(at, new Position(side, record.offset()));
            if (!view.isRequeued()) {
                first.putIfAbsent(new Side(side.topic(), at.partition()), at.offset());
            }
        }
    }

    /** What the two topics hold, by their partitions: late records first. */
    public SortedMap<Side, OffsetRange> sides() {
        SortedMap<Side, OffsetRange> all = new TreeMap<>((one, other) -> {
            boolean isLate = one.topic().equals(pipeline.topics().late());
            return isLate == other.topic().equals(pipeline.topics().late()) ? one.compareTo(other) : isLate ? -1 : 1;
        });
        all.putAll(held);
        return all;
    }

    /** The last place of an event, or of its whole record; null if it is in neither topic. */
    public @Nullable Position find(Coordinates at) {
        Position found = positions.get(at);
        return found != null || at.event() == 0
                ? found
                : positions.get(new Coordinates(at.partition(), at.offset(), 0));
    }

    /** Whether a place is in the dead-letter topic. */
    public boolean isDeadLetter(Position position) {
        return position.side().topic().equals(pipeline.topics().deadLetter());
    }

    /**
     * The lowest and the highest offset, in a source partition, of the events whose places satisfy the condition.
     *
     * @return null if there are none
     */
    public @Nullable OffsetRange span(int partition, Predicate<Position> such) {
        long[] found = {Long.MAX_VALUE, -1};
        positions.forEach((at, position) -> {
            if (at.partition() == partition && such.test(position)) {
                found[0] = Math.min(found[0], at.offset());
                found[1] = Math.max(found[1], at.offset());
            }
        });
        return found[1] < 0 ? null : new OffsetRange(found[0], found[1]);
    }

    /** From now on the event is at the end of its topic, behind all that was read. */
    public void requeued(Coordinates at, Side side) {
        positions.put(at, new Position(side, Long.MAX_VALUE));
    }

    /** The topic that no longer holds all events of a source partition from an offset on; null if both do. */
    public @Nullable String incomplete(int partition, long from) {
        for (String topic :
                new String[] {pipeline.topics().late(), pipeline.topics().deadLetter()}) {
            boolean isWhole = held.entrySet().stream()
                    .filter(entry -> entry.getKey().topic().equals(topic))
                    .allMatch(entry -> entry.getValue().from() == 0);
            Long known = first.get(new Side(topic, partition));
            // Those of a source partition are in their order, where the topic has as many partitions.
            boolean isInOrder = held.containsKey(new Side(topic, partition));
            if (!isWhole && (!isInOrder || known == null || known > from)) {
                return topic;
            }
        }
        return null;
    }
}
