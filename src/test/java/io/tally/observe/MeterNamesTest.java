package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.Pipelines;
import io.tally.pipeline.status.TransactionSize;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is exported once everything has happened is what the documentation lists; by the names of Prometheus. */
class MeterNamesTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @BeforeEach
    void everythingHappens() {
        Pipelines pipelines = () -> List.of(Views.pipeline(Views.lane(Views.active(3))));
        LatestStatuses statuses = new LatestStatuses(() -> pipelines, System::nanoTime);
        MicrometerEvents events = new MicrometerEvents(registry, statuses);
        new PipelineMeters(pipelines, statuses, 1 << 30).bindTo(registry);
        events.committed("visits", 3, new Ledger(10, 2, 1, 4, 7), 6, 8, Views.snapshot(100, 0));
        events.deadLettered("visits", 3, "MALFORMED", 1);
        events.transaction("visits", 0, new TransactionSize(17, 6, 900), Duration.ofMillis(30), Duration.ofMillis(10));
    }

    @Test
    void areThoseOfTheDocumentation() {
        assertThat(Scrape.of(registry.scrape()).families()).isEqualTo(Scrape.documented());
    }

    @Test
    void areAllInUse() throws Exception {
        Set<String> used = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            used.add(meter.getId().getName());
        }
        assertThat(used).isEqualTo(defined());
    }

    private static Set<String> defined() throws IllegalAccessException {
        Set<String> names = new TreeSet<>();
        for (Field field : MeterNames.class.getDeclaredFields()) {
            if (field.get(null) instanceof String name && name.startsWith("tally.")) {
                names.add(name);
            }
        }
        return names;
    }
}
