package io.tally.kafka.transaction;

import io.tally.codec.Rejection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records of a partition that were not counted, by reason: the name of a {@link Rejection.Reason}, or {@link #LATE}.
 */
public final class Losses {
    public static final String LATE = "LATE";

    /**
     * Those of one reason.
     *
     * @param offset of the last of them
     */
    public record Loss(long count, long offset) {}

    private final Map<String, Loss> byReason = new LinkedHashMap<>();

    /** Those of one reason, or none. */
    public static Losses of(String reason, long count, long lastOffset) {
        Losses losses = new Losses();
        if (count > 0) {
            losses.byReason.put(reason, new Loss(count, lastOffset));
        }
        return losses;
    }

    void add(String reason, long offset) {
        Loss before = byReason.get(reason);
        byReason.put(reason, new Loss(before == null ? 1 : before.count() + 1, offset));
    }

    public Map<String, Loss> byReason() {
        return byReason;
    }
}
