package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.InProcess;
import io.tally.testkafka.Broker;
import io.tally.testkafka.Input;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Two pipelines of one application, each with all its topics in a cluster of its own. */
class TwoClustersIT {
    private static Broker other;

    @RegisterExtension
    final TestBed here = new TestBed(1);

    @RegisterExtension
    final TestBed there = new TestBed(1).on(() -> other);

    @BeforeAll
    static void startAnother() {
        other = Broker.ofItsOwn();
    }

    @AfterAll
    static void stopIt() {
        other.close();
    }

    @Test
    void eachIsCountedInItsCluster() {
        List<String> arguments = new ArrayList<>(List.of(
                "--tally.instance-id=two-clusters",
                "--spring.kafka.bootstrap-servers=" + here.bootstrap(),
                "--tally.pipelines.there.kafka.bootstrap-servers=" + there.bootstrap()));
        arguments.addAll(pipeline("here", here));
        arguments.addAll(pipeline("there", there));
        try (ConfigurableApplicationContext application = InProcess.run(arguments.toArray(String[]::new))) {
            assertThat(application.isRunning()).isTrue();
            count(here, 3);
            count(there, 5);
        }
    }

    private static void count(TestBed bed, int records) {
        Input input = bed.input();
        long begin = input.time();
        for (int i = 0; i < records; i++) {
            input.send(0, 7, begin);
        }
        input.advance(20_000);
        input.send(0, 0, input.time());
        input.flush();
        await("rows of " + bed.topics().sink())
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(bed.rows()).containsExactly("p0-k7 " + records));
    }

    private static List<String> pipeline(String name, TestBed bed) {
        return Map.of(
                        "source.topic",
                        bed.topics().source(),
                        "source.columns",
                        "time,key,number,text",
                        "timestamp.field",
                        "time",
                        "timestamp.format",
                        "epoch-millis",
                        "timestamp.max-ahead",
                        "3650d",
                        "window.size",
                        "5s",
                        "sink.topic",
                        bed.topics().sink(),
                        "sink.template",
                        "{key} {count}")
                .entrySet()
                .stream()
                .map(property -> "--tally.pipelines." + name + "." + property.getKey() + "=" + property.getValue())
                .toList();
    }
}
