package io.tally.kafka.member;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The moment up to which all that a source partition got is committed, as far as known: the timestamp of the last
 * committed record, or later when there was nothing more to read. Written by the consumer thread, read by any thread.
 */
final class CountedUpTo {
    /** Timestamp of the last record of the running transaction, milliseconds since the epoch. */
    private long read = ConsumerRecord.NO_TIMESTAMP;
    /** When there was last nothing more to read, milliseconds since the epoch. */
    private long caughtUp = ConsumerRecord.NO_TIMESTAMP;

    private volatile @Nullable Instant moment;

    /** A record of this timestamp is the last one of the running transaction so far. */
    void read(long timestamp) {
        read = timestamp;
    }

    /** What was read will not be committed, or already is. */
    void forget() {
        read = ConsumerRecord.NO_TIMESTAMP;
    }

    /**
     * What was read is committed. A timestamp ahead of the clock tells no more than that records of now are counted.
     */
    void committed(Instant now) {
        if (read != ConsumerRecord.NO_TIMESTAMP) {
            moment = Instant.ofEpochMilli(Math.max(caughtUp, Math.min(read, now.toEpochMilli())));
        }
    }

    /** All that there was to read at this moment is committed. */
    void caughtUp(Instant now) {
        caughtUp = now.toEpochMilli();
        moment = now;
    }

    /** Null if not known. */
    @Nullable
    Instant moment() {
        return moment;
    }
}
