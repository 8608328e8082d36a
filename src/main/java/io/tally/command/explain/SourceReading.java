package io.tally.command.explain;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.command.frame.Progress;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.Patience;
import io.tally.command.recount.SecondReading;
import io.tally.command.recount.SourcePart;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the source around the window, and says of each event of the key and window what it was.
 *
 * <p>The highest event time before the place where it begins is not known, and counts as none. That does no harm as
 * long as no earlier event had a time that closes the window: the window is then open at that place, and what closes it
 * is read. If there was such an event after all, this counts events that were really late. These are in the late topic,
 * where they are looked for, and are then left out as {@code knownLate}.
 */
final class SourceReading {
    /**
     * How many records are read behind those that can be of the window. Where windows overlap, records that come too
     * late for it may count in later windows, and are in no late topic.
     */
    private static final int FURTHER = 1_000;

    /** The events of the key and window, by kind. */
    final EventList late;

    final EventList deadLetters;
    final EventList filtered;
    final EventList notRead;
    final EventList beforeBegin;
    /** The events that closed the window, by partition. */
    final List<EventPlace> closers = new ArrayList<>();
    /** The late events that this reading has found by itself. */
    final Set<Coordinates> foundLate = new HashSet<>();

    final SortedMap<Integer, SourceRow> rows = new TreeMap<>();
    /** What was read, by partition. */
    final SortedMap<Integer, OffsetRange> ranges = new TreeMap<>();
    /** The most by which a counted event, whatever its key, was behind the highest time before it. */
    long disorder;

    private final Scene scene;
    private final int most;
    private final List<SinkSearch> sinks;
    private final List<SinkRow> found;
    private final Map<Coordinates, EventPlace> knownLate;
    private final Mentions mentions;

    /**
     * Begins.
     *
     * @param found the rows of the sinks
     * @param knownLate the events that were late, as far as that is known
     * @param most how many events are kept of each kind
     */
    SourceReading(
            Scene scene,
            List<SinkSearch> sinks,
            List<SinkRow> found,
            Map<Coordinates, EventPlace> knownLate,
            int most) {
        this.scene = scene;
        this.sinks = sinks;
        this.found = found;
        this.knownLate = knownLate;
        this.most = most;
        mentions = new Mentions(scene.question().key());
        late = new EventList(most);
        deadLetters = new EventList(most);
        filtered = new EventList(most);
        notRead = new EventList(most);
        beforeBegin = new EventList(most);
        found.forEach(SinkRow::forget);
        knownLate.values().forEach(late::add);
    }

    /** Reads each partition from an offset on, up to where its window takes no more records. */
    void read(SortedMap<Integer, Long> from, LogReader log, Progress progress, Patience patience) {
        scene.parts().forEach((partition, part) -> {
            long first = from.getOrDefault(partition, part.held().from());
            long begin = Math.max(first, Math.min(part.begin(), part.held().to()));
            // What the pipeline has not read moved no watermark, so it is read by itself.
            long last = first < begin
                    ? new PartitionScan(part, true).read(new OffsetRange(first, begin), log, progress, patience)
                    : first;
            if (last == begin || first == begin) {
                last = new PartitionScan(part, false)
                        .read(new OffsetRange(begin, part.held().to()), log, progress, patience);
            }
            ranges.put(partition, new OffsetRange(first, last));
        });
        rows.values().forEach(SourceRow::end);
    }

    /** How many events were counted. */
    long counted() {
        return rows.values().stream().mapToLong(row -> row.events.count()).sum();
    }

    /** Reads one partition. */
    private final class PartitionScan implements SecondReading.Receiver {
        private final SourcePart part;
        /** Whether it is what was there before the pipeline began. */
        private final boolean isBefore;

        private final SecondReading reading;
        private boolean isClosed;
        private int further;

        PartitionScan(SourcePart part, boolean isBefore) {
            this.part = part;
            this.isBefore = isBefore;
            reading = new SecondReading(scene.spec(), scene.now().toEpochMilli(), this);
        }

        long read(OffsetRange range, LogReader log, Progress progress, Patience patience) {
            long to = log.read(scene.source(), part.partition(), range, record -> {
                patience.check();
                progress.add(1);
                reading.take(record);
                return reading.watermark() == SecondReading.NONE
                        || !scene.isGone(reading.watermark())
                        || (scene.windowing().overlaps() && ++further < FURTHER);
            });
            reading.release();
            return to;
        }

        private Coordinates at(SourceRecord record) {
            return new Coordinates(part.partition(), record.offset(), record.event());
        }

        private EventPlace place(SourceRecord record, Event event, String why) {
            return EventPlace.of(at(record), event.time(), why);
        }

        /** Notes which event closes the window. */
        private void moved(SourceRecord record, Event event, long watermark) {
            if (!isClosed && watermark >= scene.question().end()) {
                isClosed = true;
                if (!isBefore) {
                    boolean isUnread = record.offset() >= part.next();
                    closers.add(EventPlace.of(at(record), event.time(), isUnread ? "not read yet" : null));
                    if (!scene.hasShuffle() && !isUnread) {
                        SourceRow row = rows.get(part.partition());
                        if (row != null) {
                            row.close();
                        }
                    }
                }
            }
        }

        @Override
        public void rejected(SourceRecord record, Rejection rejection) {
            if (!isBefore && mentions.in(record)) {
                deadLetters.add(
                        EventPlace.of(at(record), null, rejection.reason().name()));
            }
        }

        @Override
        public void skipped(SourceRecord record) {
            // It is no event.
        }

        @Override
        public void filtered(SourceRecord record, Event event) {
            moved(record, event, reading.watermark());
            if (!isBefore && scene.question().holds(event.time()) && mentions.in(record)) {
                filtered.add(place(record, event, "the filter leaves it out"));
            }
        }

        @Override
        public void late(SourceRecord record, Event event, long watermark) {
            moved(record, event, watermark);
            if (scene.question().isOf(event)) {
                late(record, event, "late", watermark);
            }
        }

        private void late(SourceRecord record, Event event, String why, long watermark) {
            if (isBefore) {
                beforeBegin.add(place(record, event, "before the pipeline began"));
            } else if (foundLate.add(at(record)) && !knownLate.containsKey(at(record))) {
                late.add(place(record, event, why + ": the watermark was " + Instant.ofEpochMilli(watermark)));
            }
        }

        @Override
        public void counted(SourceRecord record, Event event, long watermark) {
            moved(record, event, watermark);
            disorder = Math.max(disorder, reading.highest() - event.time());
            if (!scene.question().isOf(event)) {
                return;
            }
            if (isBefore) {
                beforeBegin.add(place(record, event, "before the pipeline began"));
            } else if (scene.isGone(watermark)) {
                late(record, event, "counted in later windows only", watermark);
            } else if (knownLate.containsKey(at(record))) {
                // The event is in the list already.
                foundLate.add(at(record));
            } else if (record.offset() >= part.next()) {
                notRead.add(place(record, event, "not read yet"));
            } else {
                fold(record, event);
            }
        }

        private void fold(SourceRecord record, Event event) {
            int closing = scene.closingPartition(part.partition(), event);
            SourceRow row = rows.computeIfAbsent(closing, number -> new SourceRow(scene, number, sinks, found, most));
            if (isClosed && !scene.hasShuffle()) {
                row.close();
            }
            try {
                row.fold(event, EventPlace.of(at(record), event.time(), null));
            } catch (AggregateFailedException e) {
                deadLetters.add(place(record, event, Rejection.Reason.AGGREGATE_FAILED.name()));
            }
        }
    }
}
