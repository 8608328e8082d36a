package io.tally.duel;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** One history of one system. */
final class DuelRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Duellist duellist;
    private final BooleanSupplier complete;
    private long taken;
    private long goal = Long.MAX_VALUE;
    private Runnable atGoal = () -> {};

    /** @param complete whether all has been counted, so that nothing more comes */
    DuelRun(Duellist duellist, BooleanSupplier complete) {
        this.duellist = duellist;
        this.complete = complete;
    }

    /** @throws org.awaitility.core.ConditionTimeoutException if not all rows come in the end */
    void through(DuelHistory history) {
        duellist.start("a", history.poll(), this::take);
        for (DuelHistory.Turn turn : history.turns()) {
            String instance = turn.instance();
            switch (turn.kind()) {
                case KILL -> {
                    reach(turn.after(), () -> duellist.die(instance));
                    duellist.die(instance);
                    duellist.end(instance);
                    duellist.start(instance, turn.poll(), this::take);
                }
                case RESTART -> {
                    reach(turn.after(), () -> {});
                    duellist.end(instance);
                    duellist.start(instance, turn.poll(), this::take);
                }
                case JOIN -> {
                    reach(turn.after(), () -> {});
                    duellist.start(instance, turn.poll(), this::take);
                }
                case LEAVE -> {
                    reach(turn.after(), () -> {});
                    duellist.end(instance);
                }
                case TAKE_OVER -> {
                    reach(turn.after(), () -> duellist.die(instance));
                    duellist.die(instance);
                    duellist.end(instance);
                }
            }
        }
        // Threads of a process that is dead may end as they like.
        await("all rows")
                .dontCatchUncaughtExceptions()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(complete::getAsBoolean);
    }

    /** A record is taken: right then, between it and the one before, it happens. */
    private void take() {
        Runnable happening = null;
        synchronized (this) {
            if (++taken == goal) {
                happening = atGoal;
            }
        }
        if (happening != null) {
            happening.run();
        }
    }

    private void reach(int after, Runnable happening) {
        synchronized (this) {
            goal = taken + after;
            atGoal = happening;
        }
        await("so many records taken")
                .dontCatchUncaughtExceptions()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> isReached() || complete.getAsBoolean());
    }

    private synchronized boolean isReached() {
        return taken >= goal;
    }
}
