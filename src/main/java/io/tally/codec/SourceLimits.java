package io.tally.codec;

import io.tally.codec.Rejection.Reason;
import io.tally.setting.Setting;
import java.util.List;

/**
 * How much a record may be. What is beyond is a dead letter, so that no single record can fill the memory or the time
 * of a transaction.
 *
 * @param maxBytes the longest value
 * @param maxEvents the most events of a record
 */
public record SourceLimits(int maxBytes, int maxEvents) {
    /** Four times what brokers take by default, and the events of some seconds. */
    public static final SourceLimits DEFAULT = new SourceLimits(4 << 20, 100_000);

    /** Checks that the limits are possible; for the number of events see {@link Cuts#MOST}. */
    public SourceLimits {
        if (maxBytes < 1 || maxBytes > 1 << 30) {
            throw new IllegalArgumentException(
                    Setting.SOURCE_MAX_BYTES + " is " + maxBytes + "; it must be 1 to " + (1 << 30));
        }
        if (maxEvents < 1 || maxEvents > Cuts.MOST) {
            throw new IllegalArgumentException(
                    Setting.SOURCE_MAX_EVENTS + " is " + maxEvents + "; it must be 1 to " + Cuts.MOST);
        }
    }

    /**
     * Checks the length of a value.
     *
     * @throws RejectedException if it is too long
     */
    public void checkBytes(int length) {
        if (length > maxBytes) {
            throw new RejectedException(
                    Reason.TOO_LARGE,
                    "the value has " + length + " bytes, and " + Setting.SOURCE_MAX_BYTES + " is " + maxBytes);
        }
    }

    /**
     * Checks how many events a record holds.
     *
     * @throws RejectedException if there are too many
     */
    public void checkEvents(int count) {
        if (count > maxEvents) {
            throw new RejectedException(
                    Reason.TOO_LARGE,
                    "the record holds " + count + " events, and " + Setting.SOURCE_MAX_EVENTS + " is " + maxEvents);
        }
    }

    /** What decides which records are refused. */
    public Fact fact() {
        return new Fact("limits", List.of(String.valueOf(maxBytes), String.valueOf(maxEvents)));
    }
}
