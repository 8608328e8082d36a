package io.tally.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The meters of a pipeline's restores and refusals. Made twice for one pipeline they are the same. */
final class RestoreMeters {
    private final Timer restore;
    private final Counter entries;
    private final Counter replayed;
    private final Counter refusals;

    RestoreMeters(MeterRegistry registry, String pipeline) {
        restore = Timer.builder(MeterNames.RESTORE)
                .description("Time to restore a partition")
                .tag(MeterNames.PIPELINE, pipeline)
                .register(registry);
        entries = counter(registry, pipeline, MeterNames.RESTORED_ENTRIES, "Entries that restores read from the state");
        replayed = counter(registry, pipeline, MeterNames.REPLAYED_RECORDS, "Source records that restores read again");
        refusals = counter(registry, pipeline, MeterNames.REFUSALS, "Partitions refused");
    }

    private static Counter counter(MeterRegistry registry, String pipeline, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag(MeterNames.PIPELINE, pipeline)
                .register(registry);
    }

    void restored(Duration duration, long entriesRead, long recordsReplayed) {
        restore.record(duration);
        entries.increment(entriesRead);
        replayed.increment(recordsReplayed);
    }

    void refused() {
        refusals.increment();
    }
}
