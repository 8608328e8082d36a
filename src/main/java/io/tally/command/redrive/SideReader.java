package io.tally.command.redrive;

import io.tally.aggregate.Event;
import io.tally.codec.Framing;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.decode.RecordParts;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.OriginalRecord;
import io.tally.command.recount.SecondReading;
import io.tally.command.recount.SideView;
import io.tally.command.recount.SourcePart;
import io.tally.command.recount.WindowBorders;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.PipelineSpec;
import io.tally.window.Windowing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads late records and dead letters as the pipeline reads records by now, and says which rows they belong to. */
final class SideReader {
    private final PipelineSpec spec;
    private final Windowing windowing;
    private final Reach reach;
    private final RecordDecoder decoder;
    private final @Nullable RecordParts parts;
    private final Event event;

    private final Set<RowId> rows = new LinkedHashSet<>();
    private @Nullable Obstacle obstacle;

    SideReader(PipelineSpec spec, Windowing windowing, Reach reach, Instant now) {
        this.spec = spec;
        this.windowing = windowing;
        this.reach = reach;
        decoder = SecondReading.decoder(spec, now.toEpochMilli());
        Framing framing = decoder.framing();
        parts = framing == null ? null : new RecordParts(framing);
        event = spec.newEvent();
    }

    /** Whether the pipeline had not read it when the command began. */
    boolean isTooNew(Coordinates at) {
        SourcePart part = reach.parts().get(at.partition());
        return part != null && at.offset() >= part.next();
    }

    /** Reads one; afterwards {@link #rows} and {@link #obstacle} say what it is. */
    void read(SourceRecord record, SideView view, Coordinates at) {
        rows.clear();
        obstacle = null;
        if (view.isKeyCut() || view.isValueCut()) {
            obstacle = Obstacle.unreadable("it was cut to fit its topic");
            return;
        }
        SourcePart part = reach.parts().get(at.partition());
        if (part == null
                || part.committed() == null
                || at.offset() < part.committed().birthOffset()) {
            obstacle = Obstacle.refused("it is from before the pipeline began");
            return;
        }
        OriginalRecord original =
                new OriginalRecord(record, view, at, reach.parts().size());
        if (parts == null || at.event() > 0) {
            decode(original, at);
            return;
        }
        int events = parts.of(original);
        if (events == RecordParts.REJECTED) {
            obstacle = Obstacle.unreadable(parts.rejection().reason().name());
        }
        for (int number = 0; number < events && obstacle == null; number++) {
            decode(parts.part(original, number), at);
        }
        parts.release();
    }

    private void decode(SourceRecord record, Coordinates at) {
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        if (verdict == RecordDecoder.Verdict.REJECTED) {
            obstacle = Obstacle.unreadable(decoder.requiredRejection().reason().name());
        } else if (verdict == RecordDecoder.Verdict.ACCEPTED) {
            WindowBorders.forEachEnd(windowing, event.time(), end -> add(end, at));
        }
    }

    private void add(long end, Coordinates at) {
        rows.add(RowId.of(end, event.keyBuffer(), event.keyStart(), event.keyLength()));
        if (!reach.isOver(at.partition(), end)) {
            long watermark = reach.watermark(at.partition());
            String reached = watermark == WindowEngine.NO_WATERMARK
                    ? "not there yet"
                    : String.valueOf(Instant.ofEpochMilli(watermark));
            obstacle = new Obstacle(
                    Obstacle.Kind.OPEN,
                    "its " + WindowBorders.text(windowing, end) + " still takes records: the watermark of partition "
                            + at.partition() + " is " + reached + ", and it needs "
                            + Instant.ofEpochMilli(
                                    end + spec.window().allowedLateness().toMillis()),
                    "");
        }
    }

    /** The rows that it belongs to; none if it is no event that counts. */
    List<RowId> rows() {
        return new ArrayList<>(rows);
    }

    /** Why it cannot be counted now; null if nothing is in the way. */
    @Nullable
    Obstacle obstacle() {
        return obstacle;
    }
}
