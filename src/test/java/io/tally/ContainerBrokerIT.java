package io.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.test.annotation.DirtiesContext;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The whole application against the broker that users run, in a container, found through its service connection. Needs
 * a container engine; without one the test is reported as skipped.
 */
@Testcontainers(disabledWithoutDocker = true)
@SpringBootTest(
        classes = TallyApplication.class,
        webEnvironment = WebEnvironment.NONE,
        properties = "tally.instance-id=container-test")
@DirtiesContext
class ContainerBrokerIT {
    @Container
    @ServiceConnection
    static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka:4.2.0");

    @Test
    void countsAreCommittedOnARealBroker() throws Exception {
        Map<String, Object> connection = Map.of("bootstrap.servers", KAFKA.getBootstrapServers());
        // The pipeline waits for its topics, so they may come after it.
        try (Admin admin = Admin.create(connection)) {
            admin.createTopics(List.of(
                            new NewTopic("ip_count_source", 1, (short) 1), new NewTopic("ip_count_sink", 1, (short) 1)))
                    .all()
                    .get();
        }
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(connection, new StringSerializer(), new StringSerializer())) {
            for (String line : List.of(
                    "2026-01-01_00:00:00 10.0.0.1",
                    "2026-01-01_00:00:04 10.0.0.1",
                    "2026-01-01_00:00:04 10.0.0.2",
                    "2026-01-01_00:00:10 10.0.0.2")) {
                producer.send(new ProducerRecord<>("ip_count_source", line.split(" ")[1], line));
            }
        }
        Map<String, Object> reading = Map.of(
                "bootstrap.servers", KAFKA.getBootstrapServers(),
                "group.id", "reader",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed");
        List<String> rows = new ArrayList<>();
        try (KafkaConsumer<String, String> reader =
                new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
            reader.subscribe(List.of("ip_count_sink"));
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                reader.poll(Duration.ofMillis(200)).forEach(record -> rows.add(record.value()));
                assertThat(rows).containsExactly("2026-01-01_00:00:00 10.0.0.1 2", "2026-01-01_00:00:00 10.0.0.2 1");
            });
        }
    }
}
