package io.tally.codec.decode;

import io.tally.aggregate.Event;
import io.tally.codec.Framing;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns one source record into an {@link Event}, or says why it cannot. Deterministic: the same record and
 * configuration give the same answer in every run, which silent replay relies on. If the answer depends on the records
 * before, it does so only through its {@link DecodingHistory}. Not thread-safe; each partition has its own.
 */
public interface RecordDecoder extends DecodingHistory {
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
