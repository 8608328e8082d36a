package io.tally.command.explain;

import io.tally.aggregate.Event;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.OriginalRecord;
import io.tally.command.recount.Patience;
import io.tally.command.recount.RisingSearch;
import io.tally.command.recount.SecondReading;
import io.tally.command.recount.SideView;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the late events of the key and window in the late topic. A source partition's late records are there in the
 * order of their offsets in the source, so bisection finds them.
 */
final class LateSearch {
    /** How many records are read behind the range in question, since late ones may come long after. */
    private static final int FURTHER = 2_000;

    /**
     * What was found.
     *
     * @param events the late events of the key and window, with the watermarks at them
     * @param isComplete whether all late events of the range in question are among them
     */
    record Found(Map<Coordinates, EventPlace> events, boolean isComplete) {}

    private final Scene scene;
    private final LogReader log;
    private final Patience patience;
    private final String topic;
    private final int partitions;
    private final RecordDecoder decoder;
    private final Event event;

    LateSearch(Scene scene, LogReader log, Patience patience) {
        this.scene = scene;
        this.log = log;
        this.patience = patience;
        topic = scene.pipeline().topics().late();
        partitions = log.partitions(topic);
        decoder = SecondReading.decoder(scene.spec(), scene.now().toEpochMilli());
        event = scene.spec().newEvent();
    }

    /**
     * Looks for those of a source partition.
     *
     * @param asked the offsets of the source that are in question
     */
    Found find(int partition, OffsetRange asked, List<SearchedRange> searched) {
        Map<Coordinates, EventPlace> found = new LinkedHashMap<>();
        if (partition >= partitions) {
            return new Found(found, false);
        }
        OffsetRange held = log.range(topic, partition);
        long from = RisingSearch.before(held, asked.from(), offset -> originalAt(partition, offset, held));
        // Behind a record of an earlier offset, or behind the beginning of all, nothing is missing.
        long[] first = {from > held.from() || held.from() == 0 ? 0 : Long.MAX_VALUE};
        long[] further = {0};
        long to = log.read(topic, partition, new OffsetRange(from, held.to()), record -> {
            patience.check();
            SideView view = new SideView(record);
            Coordinates at = coordinates(view, partition);
            if (at == null) {
                return true;
            }
            if (!view.isRequeued()) {
                first[0] = Math.min(first[0], at.offset());
            }
            if (at.offset() >= asked.from()) {
                EventPlace place = place(record, view, at);
                if (place != null) {
                    found.put(at, place);
                }
            }
            return at.offset() < asked.to() || ++further[0] < FURTHER;
        });
        searched.add(new SearchedRange(topic, partition, from, to, held.from(), held.to()));
        return new Found(found, first[0] <= asked.from());
    }

    /** Coordinates of a late record of that source partition; null if it is something else. */
    private @Nullable Coordinates coordinates(SideView view, int partition) {
        Coordinates at = view.coordinatesIn(scene.pipeline());
        return at == null || at.partition() != partition ? null : at;
    }

    /** The offset in the source of the next late record; null if there is none near. */
    private @Nullable Long originalAt(int partition, long offset, OffsetRange held) {
        patience.check();
        @Nullable Long[] found = {null};
        OffsetRange range = new OffsetRange(offset, Math.min(held.to(), offset + RisingSearch.WIDE));
        log.read(topic, partition, range, record -> {
            SideView view = new SideView(record);
            // Those that redrive has put at the end again are out of order.
            Coordinates at = view.isRequeued() ? null : coordinates(view, partition);
            found[0] = at == null ? null : (Long) at.offset();
            return found[0] == null;
        });
        return found[0];
    }

    /** The event if it is of the key and window; null otherwise. */
    private @Nullable EventPlace place(SourceRecord record, SideView view, Coordinates at) {
        try {
            Instant time = Instant.parse(view.eventTime());
            if (!scene.question().holds(time.toEpochMilli())) {
                return null;
            }
            RecordDecoder.Verdict verdict = decoder.decode(
                    new OriginalRecord(record, view, at, scene.parts().size()), event);
            event.time(time.toEpochMilli());
            return verdict == RecordDecoder.Verdict.ACCEPTED && scene.question().isOf(event)
                    ? EventPlace.of(at, time.toEpochMilli(), "late: the watermark was " + view.watermark())
                    : null;
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }
}
