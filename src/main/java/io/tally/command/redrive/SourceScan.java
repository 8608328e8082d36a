package io.tally.command.redrive;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.command.frame.Progress;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.SecondReading;
import io.tally.command.recount.SideIndex;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.SourcePart;
import io.tally.command.recount.WindowBorders;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.window.Windowing;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows again from the source: the records that are in neither side topic, and those that were re-driven from
 * there. So it does not matter whether the pipeline's configuration would judge otherwise now. Only where windows
 * overlap, the watermark at a record tells for which of them it came in time.
 */
final class SourceScan {
    private final PipelineSpec spec;
    private final String source;
    private final Windowing windowing;
    private final SideIndex index;
    private final Pass pass;
    private final Predicate<Position> isRedriven;
    private final Instant now;
    private final Set<Long> ends = new HashSet<>();
    private final long lastEnd;

    /** What is in the way of the records that are to be counted. */
    final Map<Position, Obstacle> obstacles = new HashMap<>();
    /** Why rows cannot be counted again. */
    final Map<Target, String> broken = new HashMap<>();
    /** The records that are to be counted, as far as they were met. */
    final Set<Position> met = new HashSet<>();

    SourceScan(
            PipelineSpec spec,
            String source,
            Windowing windowing,
            SideIndex index,
            Pass pass,
            Predicate<Position> isRedriven,
            Instant now) {
        this.spec = spec;
        this.source = source;
        this.windowing = windowing;
        this.index = index;
        this.pass = pass;
        this.isRedriven = isRedriven;
        this.now = now;
        pass.targets.values().forEach(Target::clear);
        pass.targets.keySet().forEach(row -> ends.add(row.end()));
        lastEnd = ends.stream().mapToLong(end -> end).max().orElse(Long.MIN_VALUE);
    }

    /**
     * Reads a partition.
     *
     * @param from where to begin
     * @param needed the last offset that must be read, whatever the watermark
     */
    void read(SourcePart part, long from, long needed, LogReader log, Progress progress) {
        Partition partition = new Partition(part.partition());
        OffsetRange range = new OffsetRange(
                from, Math.max(from, Math.min(part.next(), part.held().to())));
        log.read(source, part.partition(), range, record -> {
            progress.add(1);
            partition.reading.take(record);
            long watermark = partition.reading.watermark();
            return record.offset() < needed
                    || watermark == SecondReading.NONE
                    || !spec.window().isGone(lastEnd, watermark);
        });
        partition.reading.release();
    }

    /** Reads one partition. */
    private final class Partition implements SecondReading.Receiver {
        private final int number;
        private final SecondReading reading;

        Partition(int number) {
            this.number = number;
            reading = new SecondReading(spec, now.toEpochMilli(), this, this::wasDeadLetter);
        }

        private Coordinates at(SourceRecord record) {
            return new Coordinates(number, record.offset(), record.event());
        }

        /** Late records moved the watermark, dead letters did not. */
        private boolean wasDeadLetter(SourceRecord record) {
            Position position = index.find(at(record));
            return position != null && index.isDeadLetter(position);
        }

        @Override
        public void rejected(SourceRecord record, Rejection rejection) {
            // It was not counted, or the row that is given will not be the one in the sink.
        }

        @Override
        public void skipped(SourceRecord record) {
            // It is no event.
        }

        @Override
        public void filtered(SourceRecord record, Event event) {
            // It is not counted.
        }

        @Override
        public void refusedBefore(SourceRecord record, Event event) {
            take(record, event, SecondReading.NONE);
        }

        @Override
        public void late(SourceRecord record, Event event, long watermark) {
            take(record, event, watermark);
        }

        @Override
        public void counted(SourceRecord record, Event event, long watermark) {
            take(record, event, watermark);
        }

        private void take(SourceRecord record, Event event, long watermark) {
            Position position = index.find(at(record));
            if (position == null) {
                WindowBorders.forEachEnd(windowing, event.time(), end -> {
                    if (!windowing.overlaps() || !spec.window().isGone(end, watermark)) {
                        count(end, event, record);
                    }
                });
            } else if (isRedriven.test(position)) {
                WindowBorders.forEachEnd(windowing, event.time(), end -> count(end, event, record));
            } else {
                Integer batch = pass.planned.get(position);
                if (batch != null) {
                    met.add(position);
                    WindowBorders.forEachEnd(windowing, event.time(), end -> count(end, event, batch, position));
                }
            }
        }

        private @Nullable Target find(long end, Event event) {
            if (!ends.contains(end)) {
                return null;
            }
            Target target = pass.targets.get(RowId.of(end, event.keyBuffer(), event.keyStart(), event.keyLength()));
            if (target != null && target.partition != number) {
                target.elsewhere = number;
                return null;
            }
            return target;
        }

        private void count(long end, Event event, SourceRecord record) {
            Target target = find(end, event);
            if (target != null) {
                try {
                    target.add(event);
                } catch (AggregateFailedException e) {
                    broken.put(
                            target,
                            "a function refuses " + at(record).in(source) + ", which was counted: " + e.getMessage());
                }
            }
        }

        private void count(long end, Event event, int batch, Position position) {
            Target target = find(end, event);
            if (target != null) {
                try {
                    target.addFrom(batch, event);
                } catch (AggregateFailedException e) {
                    obstacles.putIfAbsent(
                            position,
                            Obstacle.unreadable(Rejection.of(e).reason().name() + ": " + e.getMessage()));
                }
            }
        }
    }
}
