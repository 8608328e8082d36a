package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A lane that is fenced again and again gives up, and what it held in memory then is committed by nobody. */
class EndedLaneIT {
    @RegisterExtension
    final Scenario scenario = new Scenario(1);

    @Test
    void commitsNothingOfWhatFailed() {
        // Entries are due at once, so that the tick has something to commit whenever it may.
        scenario.pipeline.checkpointAfter(Duration.ofMillis(1));
        Instance fenced = scenario.started("a");
        Input input = scenario.input();
        input.random(500, 10_000);
        scenario.awaitProcessed();

        fenced.faults().onProducer("commitTransaction", call -> {
            Broker.get(scenario.admin()
                    .fenceProducers(List.of(fenced.lane(0).transactionalId()))
                    .all());
            return call.proceed();
        });
        input.random(1_000, 20_000);
        await("the end of the lane")
                .atMost(Duration.ofSeconds(30))
                .until(() -> fenced.lane(0).ended());
        assertThat(fenced.lane(0).problem()).contains("another process runs with the same instance id 'a'");
        await("the end of its thread").until(() -> !fenced.lane(0).running());

        scenario.instance("b").start().awaitActive(1);
        input.closeWindows();
        scenario.assertExact();
    }
}
