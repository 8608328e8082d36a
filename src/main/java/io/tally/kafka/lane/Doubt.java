package io.tally.kafka.lane;

import io.tally.kafka.member.LaneHealth;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the records that a lane was handed last: whether memory may be ahead of what is committed. In doubt
 * from the moment that memory changes until the commit is positively confirmed. Confined to the consumer thread, except
 * {@link #since}.
 */
final class Doubt {
    private enum State {
        /** Everything that was delivered is committed. */
        NONE,
        /** Delivered, but no memory has changed yet. */
        DELIVERED,
        /** Memory may be ahead of what is committed. */
        IN_DOUBT
    }

    private State state = State.NONE;
    private @Nullable Throwable cause;
    private long began;
    /** When the running transaction began, for other threads; null while everything that was delivered is committed. */
    private volatile @Nullable Instant since;

    boolean isNone() {
        return state == State.NONE;
    }

    boolean isDelivered() {
        return state == State.DELIVERED;
    }

    boolean isMemoryInDoubt() {
        return state == State.IN_DOUBT;
    }

    /** Records go to the listener, in a transaction that begins now. */
    void delivered() {
        state = State.DELIVERED;
        begin();
    }

    /** The transaction has begun, and memory changes from now on. */
    void memoryChanges() {
        if (state == State.NONE) {
            begin();
        }
        state = State.IN_DOUBT;
        cause = null;
    }

    private void begin() {
        began = System.nanoTime();
        since = Instant.now();
    }

    /** The commit is known to have happened. */
    void confirmed() {
        state = State.NONE;
        since = null;
    }

    /** A step of the transaction failed, so that nothing more of what was delivered will be committed. */
    void failed(Throwable failure) {
        if (state == State.NONE) {
            // A part of it was committed, and the rest is lost.
            state = State.IN_DOUBT;
        }
        // Later failures follow from the first. But a client may learn only when it aborts that it was fenced.
        if (cause == null || LaneHealth.isFencing(failure)) {
            cause = failure;
        }
    }

    /** Whether a step of the transaction has failed. */
    boolean hasFailed() {
        return cause != null;
    }

    /** Why there was no confirmation, as far as that is known. */
    Throwable takeCause() {
        Throwable known = cause;
        cause = null;
        return known != null ? known : new IllegalStateException("the transaction ended without a confirmed commit");
    }

    /** The memory that was in doubt is gone. */
    void memoryIsGone() {
        state = State.NONE;
        since = null;
    }

    /** When the transaction that runs began, null if none runs. From any thread. */
    @Nullable
    Instant since() {
        return since;
    }

    /** Time since the transaction began. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
