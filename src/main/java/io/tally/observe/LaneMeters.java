package io.tally.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/** The meters of one lane. */
final class LaneMeters {
    final Timer transaction;
    final Timer commit;
    final Counter aborts;
    final Counter fencedPredecessors;

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
        aborts = Counter.builder(MeterNames.ABORTS)
                .description("Transactions that did not end in a confirmed commit")
                .tags(tags)
                .register(registry);
        fencedPredecessors = Counter.builder(MeterNames.FENCED_PREDECESSORS)
                .description("Open transactions of dead owners that were ended")
                .tags(tags)
                .register(registry);
    }
}
