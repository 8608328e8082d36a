package io.tally.kafka.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.TallyApplication;
import io.tally.observe.Scrape;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** What the whole application exports while everything that has a metric happens. */
@Timeout(180)
class MetricsIT {
    private static final int PARTITIONS = 2;
    private static final long START = 1_800_000_000_000L;
    /** Names of metrics of others that the dashboard shows. */
    private static final Pattern OTHERS = Pattern.compile("\\b(?:jvm|process|kafka)_[a-z_]+[a-z]\\b");

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    @Test
    void exportsAllThatIsDocumentedAndShown() throws Exception {
        for (String topic : List.of("shuffled", "full")) {
            bed.create(new NewTopic(sink(topic), PARTITIONS, (short) 1));
        }
        Input input = bed.input();
        send(input, 0, START, "needle-a", "5");
        send(input, 1, START, "needle-b", "-");
        try (ConfigurableApplicationContext old = start("old")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> sum(old, "tally_records_total", "visits") == 2);
        }
        // Somebody dies in the middle of a transaction; the next owner has to end it.
        try (KafkaProducer<byte[], byte[]> dead = deadOwner();
                ConfigurableApplicationContext context = start("new")) {
            assertThat(dead).isNotNull();
            awaitSum(context, "tally_predecessors_fenced_total", "visits", 1);
            awaitSum(context, "tally_refusals_total", "full", 0);
            for (int key = 0; key < 5; key++) {
                send(input, key % 2, START + 1_000, "needle-" + key, "7");
            }
            send(input, 0, START + 2_000, "nobody", "1");
            input.producer().send(new ProducerRecord<>(bed.topics().source(), 0, null, bytes("needle, unreadable")));
            input.flush();
            awaitSum(context, "tally_dead_letters_total", "visits", 1);
            awaitSum(context, "tally_refusals_total", "full", 1);
            awaitSum(context, "tally_transactions_total", "full", 1, "outcome=\"failed\"");
            Answers.get(bed.admin()
                    .fenceProducers(List.of(bed.groupId() + ":new:0"))
                    .all());
            // Closes the window of before, and then something comes for it.
            for (int partition = 0; partition < PARTITIONS; partition++) {
                send(input, partition, START + 60_000, "needle-later", "-");
                send(input, partition, START, "needle-late", "1");
            }
            awaitSum(context, "tally_transactions_total", "visits", 1, "outcome=\"fenced\"");
            awaitSum(context, "tally_restore_replayed_total", "visits", 1);
            awaitSum(context, "tally_records_total", "visits", 1, "class=\"filtered\"");
            awaitSum(context, "tally_records_total", "visits", 1, "class=\"late\"");
            awaitSum(context, "tally_values_missing_total", "visits", 1);
            awaitSum(context, "tally_results_total", "visits", 1);
            awaitSum(context, "tally_results_total", "shuffled.merge", 1);
            awaitSum(context, "tally_state_records_total", "shuffled.merge", 1);
            awaitSum(context, "tally_transaction_bytes_sum", "visits", 1);
            await("nothing more to read")
                    .until(() -> sum(context, "tally_time_lag_seconds", "visits") < PARTITIONS * 2.5);

            String text = scrape(context);
            Scrape scrape = Scrape.of(text);
            assertThat(scrape.families()).isEqualTo(Scrape.documented());
            assertThat(scrape.sampleNames()).containsAll(Scrape.named(Path.of("deploy/grafana/tally.json")));
            assertThat(scrape.sampleNames()).containsAll(Scrape.named(Path.of("deploy/prometheus/tally.rules.yml")));
            assertThat(othersShown())
                    .isNotEmpty()
                    .allMatch(name -> text.contains("\n" + name + "{") || text.contains("\n" + name + " "));
            assertThat(text).as("no key and no value in any tag").doesNotContain("needle", "nobody");
        }
    }

    /** Partitions that leave take their meters along, however they leave. */
    @Test
    void partitionsAreReleasedOneByOneAndWhenTheInstanceStops() {
        Instance a = bed.started("a");
        Instance b = bed.instance("b").start().awaitActive(1);
        a.awaitActive(1);
        assertThat(a.events().releases).hasValue(1);
        b.stop();
        a.awaitActive(PARTITIONS);
        assertThat(b.events().releases).hasValue(1);
        a.stop();
        assertThat(a.events().releases).hasValue(1 + PARTITIONS);
    }

    private void send(Input input, int partition, long time, String key, String bytes) {
        input.producer()
                .send(new ProducerRecord<>(
                        bed.topics().source(), partition, bytes(key), bytes(time + " " + key + " " + bytes)));
        input.flush();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String sink(String pipeline) {
        return bed.topics().sink() + "-" + pipeline;
    }

    /**
     * Has a transaction open, with offsets of the pipeline, under the transactional id of the instance that has gone.
     */
    private KafkaProducer<byte[], byte[]> deadOwner() {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bed.bootstrap(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        bed.groupId() + ":old:0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        OffsetAndMetadata committed = bed.committed(0);
        producer.initTransactions();
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(
                Map.of(new TopicPartition(bed.topics().source(), 0), committed), ofNoMember());
        return producer;
    }

    private ConsumerGroupMetadata ofNoMember() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bed.bootstrap(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        bed.groupId()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    private ConfigurableApplicationContext start(String instance) {
        SpringApplication application = new SpringApplication(TallyApplication.class);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + bed.bootstrap(),
                "--tally.instance-id=" + instance,
                "--tally.pipelines.ip-count.enabled=false"));
        arguments.addAll(pipeline("visits", bed.groupId(), bed.topics().sink()));
        arguments.addAll(List.of(
                "--tally.pipelines.visits.shuffle=never",
                "--tally.pipelines.visits.max-open-entries=1000",
                "--tally.pipelines.visits.filter[0].field=key",
                "--tally.pipelines.visits.filter[0].op=ne",
                "--tally.pipelines.visits.filter[0].value=nobody"));
        arguments.addAll(pipeline("shuffled", bed.groupId() + "-shuffled", sink("shuffled")));
        arguments.addAll(List.of(
                "--tally.pipelines.shuffled.shuffle=always", "--tally.pipelines.shuffled.checkpoint.interval=100ms"));
        arguments.addAll(pipeline("full", bed.groupId() + "-full", sink("full")));
        arguments.addAll(List.of("--tally.pipelines.full.shuffle=never", "--tally.pipelines.full.max-open-entries=1"));
        return application.run(arguments.toArray(String[]::new));
    }

    private List<String> pipeline(String name, String group, String sink) {
        String prefix = "--tally.pipelines." + name + ".";
        List<String> arguments = new ArrayList<>(bed.arguments(name, group, "time,key,bytes", sink));
        arguments.addAll(List.of(
                prefix + "window.grace=1s",
                prefix + "aggregates.count.type=count",
                prefix + "aggregates.bytes.type=sum",
                prefix + "aggregates.bytes.field=bytes"));
        return arguments;
    }

    private static void awaitSum(
            ConfigurableApplicationContext context, String name, String pipeline, double least, String... labels) {
        await(name + " of " + pipeline)
                .atMost(Duration.ofSeconds(60))
                .until(() -> sum(context, name, pipeline, labels) >= least);
    }

    private static double sum(ConfigurableApplicationContext context, String name, String pipeline, String... labels)
            throws Exception {
        String[] all = Arrays.copyOf(labels, labels.length + 1);
        all[labels.length] = "pipeline=\"" + pipeline + "\"";
        return Scrape.of(scrape(context)).sum(name, all);
    }

    private static String scrape(ConfigurableApplicationContext context) throws Exception {
        String port = context.getEnvironment().getProperty("local.server.port");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/prometheus"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static Set<String> othersShown() throws Exception {
        Set<String> names = new TreeSet<>();
        Matcher name = OTHERS.matcher(Files.readString(Path.of("deploy/grafana/tally.json")));
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }
}
