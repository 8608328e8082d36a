package io.tally.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tally.pipeline.status.TransactionSize;
import java.time.Duration;

/** The meters of one lane. All begin with its first transaction, so that what happens later is seen as an increase. */
final class LaneMeters {
    private final Timer transaction;
    private final Timer commit;
    private final DistributionSummary rows;
    private final DistributionSummary bytes;
    private final Counter committed;
    private final Counter failed;
    private final Counter fenced;
    private final Counter fencedPredecessors;

    LaneMeters(MeterRegistry registry, String pipeline, int lane) {
        Tags tags = Tags.of(MeterNames.PIPELINE, pipeline, MeterNames.LANE, Integer.toString(lane));
        transaction = Timer.builder(MeterNames.TRANSACTION)
                .description("Time from a batch's delivery to its confirmed commit")
                .tags(tags)
                .publishPercentileHistogram()
                .register(registry);
        commit = Timer.builder(MeterNames.COMMIT)
                .description("Time of the commit alone, flushing included")
                .tags(tags)
                .publishPercentileHistogram()
                .register(registry);
        rows = DistributionSummary.builder(MeterNames.TRANSACTION_ROWS)
                .description("Rows of a committed transaction")
                .tags(tags)
                .register(registry);
        bytes = DistributionSummary.builder(MeterNames.TRANSACTION_BYTES)
                .description("Keys and values of all that a committed transaction sent, before compression")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        committed = transactions(registry, tags, "committed");
        failed = transactions(registry, tags, "failed");
        fenced = transactions(registry, tags, "fenced");
        fencedPredecessors = Counter.builder(MeterNames.FENCED_PREDECESSORS)
                .description("Open transactions of dead owners that were ended")
                .tags(tags)
                .register(registry);
    }

    private static Counter transactions(MeterRegistry registry, Tags tags, String outcome) {
        return Counter.builder(MeterNames.TRANSACTIONS)
                .description("Transactions by outcome")
                .tags(tags.and(MeterNames.OUTCOME, outcome))
                .register(registry);
    }

    void committed(TransactionSize size, Duration duration, Duration commitAlone) {
        committed.increment();
        transaction.record(duration);
        commit.record(commitAlone);
        rows.record(size.rows());
        bytes.record(size.bytes());
    }

    void aborted(boolean byFencing) {
        (byFencing ? fenced : failed).increment();
    }

    void predecessorFenced() {
        fencedPredecessors.increment();
    }
}
