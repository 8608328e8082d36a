package io.tally.kafka.transaction;

import io.tally.codec.Rejection;
import io.tally.pipeline.status.LostRecords;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of a partition that were not counted, by reason: the name of a {@link Rejection.Reason}, or {@link #LATE}.
 */
public final class Losses {
    public static final String LATE = LostRecords.LATE;

    /**
     * Those of one reason.
     *
     * @param offset of the last of them
     */
    public record Loss(long count, long offset) {}

    /** A record and what it holds. */
    public record Sampled(long offset, LostRecords.Sample sample) {}

    private final Map<String, Sampled> samples = new HashMap<>();
    private final Map<String, Loss> byReason = new LinkedHashMap<>();

    /** The losses of one reason, or none. */
    public static Losses of(String reason, long count, long lastOffset) {
        Losses losses = new Losses();
        if (count > 0) {
            losses.byReason.put(reason, new Loss(count, lastOffset));
        }
        return losses;
    }

    /** Takes note of a record; gives whether it is the first of its reason. */
    boolean add(String reason, long offset) {
        Loss before = byReason.get(reason);
        byReason.put(reason, new Loss(before == null ? 1 : before.count() + 1, offset));
        return before == null;
    }

    /** Keeps what the record holds that was added last. */
    void sample(String reason, long offset, LostRecords.Sample sample) {
        samples.put(reason, new Sampled(offset, sample));
    }

    /** One of a reason with what it holds, null if nobody takes samples. */
    public @Nullable Sampled sample(String reason) {
        return samples.get(reason);
    }

    public Map<String, Loss> byReason() {
        return byReason;
    }
}
