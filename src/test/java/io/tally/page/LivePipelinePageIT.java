package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.TallyApplication;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Broker;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The page of the whole application, while a broker really goes away and a partition is really restored or refused. */
@Timeout(300)
class LivePipelinePageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SOURCE = "visits";
    private static final String GROUP = "page-visits";
    private static final int PARTITIONS = 2;
    private static final int MANY = 20_000;

    private long time = System.currentTimeMillis();

    @Test
    void showsWhatReallyHappens() throws Exception {
        try (Browser browser = Browser.start();
                Broker broker = Broker.ofItsOwn()) {
            Answers.get(broker.admin()
                    .createTopics(Stream.of(SOURCE, "out", "out-full")
                            .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                            .toList())
                    .all());
            try (ConfigurableApplicationContext context = start(broker);
                    KafkaProducer<String, String> producer = producer(broker)) {
                browser.open(
                        URI.create(
                                "http://localhost:" + context.getEnvironment().getProperty("local.server.port")),
                        LivePage.DESKTOP);
                showsWindowsThatCloseAndAPartitionThatIsRefused(browser, producer);
                showsHowFarARestoreIs(browser, producer, broker.admin());
                showsThatTheBrokerIsAway(browser, producer, broker);
                browser.wholeShot("real");
                browser.assertNoErrors();
                browser.leave();
            }
        }
    }

    private void showsWindowsThatCloseAndAPartitionThatIsRefused(
            Browser browser, KafkaProducer<String, String> producer) {
        browser.awaitText("state-visits", "(?s).*well.*works on 2 partitions");
        for (int i = 0; i < 20; i++) {
            send(producer, i % PARTITIONS, "10.0.0." + i);
        }
        producer.flush();
        await("open windows").atMost(PATIENCE).until(() -> browser.count("picture-visits", ".box.open") > 0);
        // One key is all that it may have open.
        browser.awaitText("state-full", "(?s).*not well.*partition \\d is refused.*max-open-entries.*Remedy:.*");
        browser.awaitText("picture-full", "(?s).*refused.*");
        time += 60_000;
        send(producer, 0, "later");
        send(producer, 1, "later");
        producer.flush();
        // A few of a transaction's rows, by chance.
        browser.awaitText("output-visits", "(?s).*10\\.0\\.0\\.\\d.*");
    }

    /** The broker hands out so little in a second that a restore takes a while. */
    private void showsHowFarARestoreIs(Browser browser, KafkaProducer<String, String> producer, Admin admin) {
        for (int i = 0; i < MANY; i++) {
            send(producer, i % PARTITIONS, "key-" + i % 10 + "-" + "x".repeat(90));
        }
        producer.flush();
        awaitCounted(admin);
        limit(admin, 100_000.0);
        Answers.get(admin.fenceProducers(List.of(GROUP + ":page:0")).all());
        send(producer, 0, "one more");
        producer.flush();

        browser.awaitText("state-visits", "(?s).*restoring.*partition \\d: .*\\d.*");
        browser.awaitText("picture-visits", "(?s).*restoring.*");
        limit(admin, null);
        browser.awaitText("state-visits", "(?s).*well.*works on 2 partitions");
        assertThat(browser.text("events"))
                .contains("a transaction failed", "restored", "records read again")
                .containsPattern("partitions? \\d.* restored");
        awaitCounted(admin);
    }

    private void showsThatTheBrokerIsAway(Browser browser, KafkaProducer<String, String> producer, Broker broker) {
        broker.stop();
        browser.awaitText(
                "state-visits", "(?s).*not well.*No usable answer from the broker at .*" + broker.bootstrap() + ".*");
        broker.restart();
        browser.awaitText("state-visits", "(?s).*well.*works on 2 partitions");
        assertThat(browser.text("events")).contains("is well", "is not well");
        time += 60_000;
        send(producer, 0, "back again");
        send(producer, 1, "back again");
        producer.flush();
        // So that their rows have a transaction of their own, of which all are shown.
        awaitCounted(broker.admin());
        time += 60_000;
        send(producer, 0, "end");
        send(producer, 1, "end");
        producer.flush();
        browser.awaitText("output-visits", "(?s).*back again.*");
    }

    private void send(KafkaProducer<String, String> producer, int partition, String key) {
        String own = key + "-p" + partition;
        producer.send(new ProducerRecord<>(SOURCE, partition, own, time + "," + own));
    }

    private static void awaitCounted(Admin admin) {
        await("all that was sent is counted").atMost(PATIENCE).until(() -> {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    Answers.get(admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata());
            for (int partition = 0; partition < PARTITIONS; partition++) {
                TopicPartition id = new TopicPartition(SOURCE, partition);
                OffsetAndMetadata offset = committed.get(id);
                long end = Answers.get(admin.listOffsets(Map.of(id, OffsetSpec.latest()))
                                .partitionResult(id))
                        .offset();
                if (offset == null || offset.offset() < end) {
                    return false;
                }
            }
            return true;
        });
    }

    /** @param bytesPerSecond for each client; null for no limit */
    private static void limit(Admin admin, @Nullable Double bytesPerSecond) {
        ClientQuotaEntity each = new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
        Answers.get(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        each, List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond)))))
                .all());
    }

    private static KafkaProducer<String, String> producer(Broker broker) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()),
                new StringSerializer(),
                new StringSerializer());
    }

    private static ConfigurableApplicationContext start(Broker broker) {
        SpringApplication application = new SpringApplication(TallyApplication.class);
        application.setRegisterShutdownHook(false);
        return application.run(Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--spring.kafka.bootstrap-servers=" + broker.bootstrap(),
                                "--tally.instance-id=page",
                                "--tally.page.values=show",
                                "--tally.pipelines.ip-count.enabled=false",
                                "--tally.pipelines.full.max-open-entries=1"),
                        Stream.concat(pipeline("visits", GROUP, "out"), pipeline("full", "page-full", "out-full")))
                .toArray(String[]::new));
    }

    private static Stream<String> pipeline(String name, String group, String sink) {
        String prefix = "--tally.pipelines." + name + ".";
        return Stream.of(
                prefix + "group-id=" + group,
                prefix + "source.topic=" + SOURCE,
                prefix + "source.columns=time,key",
                prefix + "source.separator=,",
                prefix + "timestamp.field=time",
                prefix + "timestamp.format=epoch-millis",
                prefix + "key.fields=key",
                prefix + "key.spread=ignore",
                prefix + "window.size=10s",
                prefix + "window.grace=1s",
                prefix + "sink.topic=" + sink);
    }
}
