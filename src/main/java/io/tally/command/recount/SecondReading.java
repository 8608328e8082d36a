package io.tally.command.recount;

import io.tally.aggregate.Event;
import io.tally.codec.Framing;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.decode.RecordParts;
import io.tally.pipeline.PipelineSpec;
import io.tally.window.LateCheck;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a partition of the source a second time, and says of each event what it was. It knows no slices, no state and
 * no closing of windows: only the highest event time before an event decides whether it is late.
 */
public final class SecondReading {
    /** Before the first event. */
    public static final long NONE = Long.MIN_VALUE;

    /** Receives what each event was. Arguments are valid only during the call. */
    public interface Receiver {
        /** A record, or an event of one, that cannot be read. */
        void rejected(SourceRecord record, Rejection rejection);

        /** No event, such as a comment, or nothing at all within a record that is split. */
        void skipped(SourceRecord record);

        /** An event that the filter leaves out; it has a time alone. */
        void filtered(SourceRecord record, Event event);

        /** An event that can be read now, and was refused at the first reading; it has moved no watermark. */
        default void refusedBefore(SourceRecord record, Event event) {
            throw new IllegalStateException("nobody has said that it was refused");
        }

        /** An event whose windows are all gone. */
        void late(SourceRecord record, Event event, long watermark);

        /** An event that is counted. */
        void counted(SourceRecord record, Event event, long watermark);
    }

    /** Knows when windows have closed although no event said so. */
    public interface Silence {
        /** There is none. */
        Silence NONE = (record, highest) -> SecondReading.NONE;

        /**
         * Where the watermark was moved to before an event.
         *
         * @param highest event time before it
         * @return {@link SecondReading#NONE} if it was not
         */
        long before(SourceRecord record, long highest);
    }

    private final RecordDecoder decoder;
    /** Null if a record is one event. */
    private final @Nullable RecordParts parts;

    private final PipelineSpec spec;
    private final Receiver receiver;
    private final LateCheck late;
    private final long grace;
    private final Predicate<SourceRecord> refusedBefore;
    private final Silence silence;
    private Event event;
    private long highest = NONE;
    /** The least that the watermark is, after a silent source has closed windows. */
    private long raised = NONE;

    private long furtherEvents;
    private long byClock;

    /**
     * Begins without any event before.
     *
     * @param now what time it is, for event times that a clock decides about; milliseconds since the epoch
     */
    public SecondReading(PipelineSpec spec, long now, Receiver receiver) {
        this(spec, now, receiver, record -> false);
    }

    /**
     * Begins without any event before.
     *
     * @param now what time it is, for event times that a clock decides about; milliseconds since the epoch
     * @param refusedBefore whether a record, or an event of one, was a dead letter at the first reading
     */
    public SecondReading(PipelineSpec spec, long now, Receiver receiver, Predicate<SourceRecord> refusedBefore) {
        this(spec, now, receiver, refusedBefore, Silence.NONE);
    }

    /** As the other, with what a silent source has closed. */
    public SecondReading(
            PipelineSpec spec, long now, Receiver receiver, Predicate<SourceRecord> refusedBefore, Silence silence) {
        this.refusedBefore = refusedBefore;
        this.silence = silence;
        this.spec = spec;
        this.receiver = receiver;
        decoder = decoder(spec, now);
        Framing framing = decoder.framing();
        parts = framing == null ? null : new RecordParts(framing);
        late = spec.window().lateCheck();
        grace = spec.window().grace().toMillis();
        event = spec.newEvent();
        decoder.resumeAfter(NONE);
        decoder.resumeUnder(null);
    }

    /**
     * A decoder of the pipeline that believes event times as if it was read now.
     *
     * @param now milliseconds since the epoch
     */
    public static RecordDecoder decoder(PipelineSpec spec, long now) {
        RecordDecoder decoder = spec.decoders().get();
        if (decoder.maxAhead() >= 0) {
            decoder.believeUpTo(now + decoder.maxAhead());
        }
        return decoder;
    }

    /** Whether what a record says depends on records before it. */
    public static boolean dependsOnOthers(PipelineSpec spec) {
        RecordDecoder decoder = spec.decoders().get();
        return decoder.latestTime() != null || decoder.header() != null;
    }

    /** Whether what a record says depends on a header somewhere before it. */
    public static boolean needsHeaders(PipelineSpec spec) {
        return spec.decoders().get().header() != null;
    }

    /** The highest event time so far; {@link #NONE} if there was none. */
    public long highest() {
        return highest;
    }

    /** The watermark behind the last record; {@link #NONE} before the first. */
    public long watermark() {
        return highest == NONE ? raised : Math.max(highest - grace, raised);
    }

    /** Whether the watermark is further than event times have moved it. */
    public boolean isRaised() {
        return highest != NONE && raised > highest - grace;
    }

    /** How many events were not the first of their record. */
    public long furtherEvents() {
        return furtherEvents;
    }

    /** How many events the clock decided about; it was another clock at the first reading. */
    public long byClock() {
        return byClock;
    }

    /** Takes the next record. */
    public void take(SourceRecord record) {
        if (parts == null) {
            classify(record);
            return;
        }
        int events = parts.of(record);
        if (events == RecordParts.REJECTED) {
            receiver.rejected(record, parts.rejection());
        } else if (events == 0) {
            receiver.skipped(record);
        } else {
            for (int number = 0; number < events; number++) {
                classify(parts.part(record, number));
            }
            furtherEvents += events - 1;
        }
    }

    private void classify(SourceRecord record) {
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        if (decoder.lastByClock() == record.offset()) {
            byClock++;
        }
        if (verdict == RecordDecoder.Verdict.REJECTED) {
            receiver.rejected(record, decoder.requiredRejection());
            return;
        }
        if (verdict == RecordDecoder.Verdict.SKIPPED) {
            receiver.skipped(record);
            return;
        }
        if (refusedBefore.test(record)) {
            if (verdict == RecordDecoder.Verdict.ACCEPTED) {
                receiver.refusedBefore(record, event);
            } else {
                receiver.filtered(record, event);
            }
            return;
        }
        raised = Math.max(raised, silence.before(record, highest));
        highest = Math.max(highest, event.time());
        long watermark = watermark();
        if (verdict == RecordDecoder.Verdict.FILTERED) {
            receiver.filtered(record, event);
        } else if (late.isLate(event.time(), watermark)) {
            receiver.late(record, event, watermark);
        } else {
            receiver.counted(record, event, watermark);
        }
    }

    /** Lets go of the last record. */
    public void release() {
        decoder.release();
        if (parts != null) {
            parts.release();
        }
        event = spec.newEvent();
    }
}
