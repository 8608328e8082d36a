package io.tally.codec;

import io.tally.aggregate.Event;
import org.jspecify.annotations.Nullable;

/**
 * Turns one source record into an {@link Event}, or says why it cannot. Deterministic: the same record and
 * configuration give the same answer in every run, which silent replay relies on. If the answer depends on the records
 * before, it does so only through {@link #latestTime}. Not thread-safe; each partition has its own.
 */
public interface RecordDecoder {
    /** Stands for no bound by a clock. */
    long BY_ITSELF = Long.MIN_VALUE;

    /** What became of the record. */
    enum Verdict {
        /** The event is complete. */
        ACCEPTED,
        /** A sound record that the pipeline's filter leaves out; the event's time is set. */
        FILTERED,
        /** No event, such as a comment or a tombstone; nothing of it is read. */
        SKIPPED,
        /** Not countable; {@link #rejection()} says why. The event must not be used. */
        REJECTED
    }

    /** Finds the events in a record, each of which is decoded as a record; null if a record is one event. */
    default @Nullable Framing framing() {
        return null;
    }

    /** Decodes {@code record} into {@code event}; the event refers to the record's buffers until the next call. */
    Verdict decode(SourceRecord record, Event event);

    /**
     * The greatest event time of all records so far that were not rejected; {@link Long#MIN_VALUE} if there was none.
     * The next answer depends on its record and this. Null if it depends on its record alone.
     */
    default @Nullable Long latestTime() {
        return null;
    }

    /** Goes on as if {@link #latestTime} were this. Called before the first record, or to decode a record once more. */
    default void resumeAfter(long latestTime) {}

    /** How far event times may lie ahead of a clock, in milliseconds; negative if this does not look at clocks. */
    default long maxAhead() {
        return -1;
    }

    /**
     * From now on the greatest event time that is believed of records without a broker's time; {@link #BY_ITSELF} for
     * one that goes by each record's own timestamp.
     */
    default void believeUpTo(long latest) {}

    /** The last offset of a record that was decided otherwise than by its own timestamp; -1 if there is none. */
    default long lastByClock() {
        return -1;
    }

    /** Releases the last record's buffers. The event that was decoded from it must not be used any more. */
    default void release() {}

    /** The reason for the last {@link Verdict#REJECTED}, null after any other verdict. */
    @Nullable
    Rejection rejection();

    /** The reason for the last verdict, which was {@link Verdict#REJECTED}. */
    default Rejection requiredRejection() {
        Rejection rejection = rejection();
        if (rejection == null) {
            throw new IllegalStateException("the decoder rejected a record without a reason");
        }
        return rejection;
    }
}
