package io.tally.kafka.member;

import io.tally.kafka.client.Permissions;
import io.tally.pipeline.status.Refusal;
import io.tally.plan.KafkaPipeline;
import io.tally.setting.Setting;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait for a missing permission or topic, or for this host's clock to be right: records carry the time of
 * sending, and a broker takes no times that are far from its own. People take these away and give them back. So neither
 * giving up at once nor trying for ever in silence is right. Tally tries again slowly, with the reason in readiness,
 * and gives up after a while, with a remedy.
 */
public final class AccessPatience {
    /** Time between two tries. */
    public static final Duration RETRY = Duration.ofSeconds(5);

    /** If nothing failed for that long, and for the time-out, nobody has tried: what is missing then is news. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Duration timeout;
    private final LongSupplier nanos;
    private final Function<Throwable, String> describe;
    private boolean lacking;
    private long since;
    /** When it was last found missing. */
    private long last;

    /**
     * @param timeout after which it is given up
     * @param nanos a steady clock
     * @param describe a failure in words
     */
    AccessPatience(Duration timeout, LongSupplier nanos, Function<Throwable, String> describe) {
        this.timeout = timeout;
        this.nanos = nanos;
        this.describe = describe;
    }

    public static AccessPatience of(KafkaPipeline pipeline) {
        return new AccessPatience(
                pipeline.accessTimeout(), System::nanoTime, failure -> Permissions.describe(pipeline, failure));
    }

    /** The part of a failure that says what is missing; null if the failure is about something else. */
    public static @Nullable Throwable lack(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthorizationException
                    || cause instanceof UnknownTopicOrPartitionException
                    || cause instanceof UnknownTopicIdException
                    || cause instanceof InvalidTimestampException) {
                return cause;
            }
        }
        return null;
    }

    /**
     * Notes a failure. One for another reason, such as brokers that are away, leaves it unknown whether access was
     * missing meanwhile, so the time begins anew after it.
     *
     * @return whether access is missing, and has been for the whole time
     */
    public synchronized boolean isOver(Throwable failure) {
        if (lack(failure) == null) {
            lacking = false;
            return false;
        }
        long now = nanos.getAsLong();
        if (!lacking || now - last > Math.max(timeout.toNanos(), SILENCE.toNanos())) {
            lacking = true;
            since = now;
        }
        last = now;
        return now - since >= timeout.toNanos();
    }

    /** Notes that access is there again. */
    public synchronized void granted() {
        lacking = false;
    }

    /**
     * The explanation once it is over.
     *
     * @param what could not be done, as the beginning of a sentence
     */
    public Refusal refusal(String what, Throwable failure) {
        return new Refusal(
                what + ": " + describe.apply(failure) + " (tried again for " + timeout.toSeconds() + " s, "
                        + Setting.ACCESS_TIMEOUT + ").",
                remedy(failure));
    }

    static String remedy(Throwable failure) {
        Throwable lack = lack(failure);
        String action;
        if (lack instanceof AuthorizationException) {
            action = "allow this principal what it needs (docs/recovery.md#permissions)";
        } else if (lack instanceof InvalidTimestampException) {
            action = "set the clocks of this host and of the broker right, or let the topic take such times"
                    + " (message.timestamp.before.max.ms, message.timestamp.after.max.ms)";
        } else {
            action = "create the topic again as it was";
        }
        return action + ", then restart; nothing is lost, it goes on where it stopped.";
    }
}
