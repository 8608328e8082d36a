package io.tally.kafka.member;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the outcome of a partition's restore is handed over, from the thread that restores to the consumer thread. What
 * nobody wants any more gives its memory back.
 */
final class RestoreHandover {
    private final AtomicReference<@Nullable Restored> outcome = new AtomicReference<>();
    private volatile boolean released;
    /** The restore that is waited for; only the consumer thread looks at it. */
    private @Nullable Cancellation awaited;

    /** From now on only the outcome of this restore is wanted. */
    void await(Cancellation restore) {
        awaited = restore;
    }

    /** No outcome is wanted. */
    void forget() {
        awaited = null;
    }

    /** Whether nobody restores: no restore was begun, or one ended without an outcome. */
    boolean isForgotten() {
        // In this order: a restore offers its outcome, and then it is through.
        return (awaited == null || awaited.isCancelled()) && outcome.get() == null;
    }

    /** Hands over an outcome; from the restore thread. */
    void offer(Restored offered) {
        discard(outcome.getAndSet(offered));
        if (released) {
            discard(outcome.getAndSet(null));
        }
    }

    /**
     * The outcome of the restore that is waited for, once; null if there is none yet. A restore that was given up may
     * end all the same; what it read is out of date.
     */
    @Nullable
    Restored take() {
        Restored taken = outcome.get() == null ? null : outcome.getAndSet(null);
        if (taken == null || taken.attempt() != awaited) {
            discard(taken);
            return null;
        }
        awaited = null;
        return taken;
    }

    /** No outcome will ever be wanted again. */
    void release() {
        released = true;
        discard(outcome.getAndSet(null));
    }

    boolean isReleased() {
        return released;
    }

    private static void discard(@Nullable Restored unwanted) {
        if (unwanted != null && unwanted.processor() != null) {
            unwanted.processor().discard();
        }
    }
}
