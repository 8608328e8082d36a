package io.tally.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.campaign.check.Rules;
import io.tally.campaign.check.Rules.Kind;
import io.tally.process.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The fault campaign of docs/reliability.md: {@code ./mvnw -Pfaults verify}. A slice of it is part of every build.
 *
 * <p>{@code -Dtally.campaign.minutes=} says how long, {@code -Dtally.campaign.seed=} repeats a round and goes on from
 * there.
 */
class FaultCampaignIT {
    private static final long SEED = Long.getLong("tally.campaign.seed", new Random().nextLong());
    private static final int MINUTES = Integer.getInteger("tally.campaign.minutes", 16);

    /** One round, half of the time with a shuffle. */
    @Test
    void aSliceIsExact() {
        System.out.println("campaign: -Dtally.campaign.seed=" + SEED);
        Campaign campaign = new Campaign();

        Rules rules = SEED % 2 == 0
                ? new Rules(Kind.TUMBLING, 500, 500, 300, false, false, 3)
                : new Rules(Kind.HOPPING, 1000, 500, 300, true, true, 3);
        FaultKind[] faults = {FaultKind.KILL_K8_ENDED, FaultKind.END_TXN_REPLY_LOST, FaultKind.KILL_RANDOM};

        assertThat(campaign.run(1, RoundPlan.of(SEED, rules, true, faults))).isEmpty();
        assertThat(campaign.faults()).isPositive();
    }

    @Test
    @Tag("faults")
    void isExactWhateverHappens() {
        System.out.println("campaign: -Dtally.campaign.seed=" + SEED);
        if (!Clock.isAvailable()) {
            System.out.println("campaign: no clock jumps: Debian's faketime is not installed");
        }
        Campaign campaign = new Campaign();

        assertThat(campaign.run(SEED, Duration.ofMinutes(MINUTES))).isEmpty();
        assertThat(campaign.faults()).isPositive();
    }
}
