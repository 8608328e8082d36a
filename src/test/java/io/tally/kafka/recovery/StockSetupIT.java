package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.kafka.client.ClientSettings;
import io.tally.testkafka.Faults;
import io.tally.testkafka.Input;
import io.tally.testkafka.Log;
import io.tally.testkafka.TestBed;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.transaction.KafkaTransactionManager;

/**
 * Why Tally does not use the stock setup: a listener that counts and sends, in an unchanged transactional container of
 * Spring Kafka. Each fault of {@link FailedTransactionIT} that is shown here makes it silently count wrong.
 *
 * <p>The assertions expect the wrong numbers. If one fails with a newer Spring Kafka, the container has become better,
 * and one of our guards may not be needed any more.
 */
class StockSetupIT {
    private static final int FIRST = 20;
    private static final int SECOND = 30;

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    private final Faults faults = new Faults();
    /** Sizes of the polls that the listener was handed. */
    private final List<Integer> polls = new CopyOnWriteArrayList<>();
    /** What the listener remembers, as a plain application would. */
    private final Map<String, Long> totals = new HashMap<>();

    private DefaultKafkaProducerFactory<byte[], byte[]> producers;
    private KafkaMessageListenerContainer<byte[], byte[]> container;

    @BeforeEach
    void build() {
        ClientSettings settings = bed.settings();
        producers = new DefaultKafkaProducerFactory<>(settings.producer());
        producers.setTransactionIdPrefix(bed.groupId() + "-stock-");
        producers.addPostProcessor(faults::producer);
        KafkaTemplate<byte[], byte[]> template = new KafkaTemplate<>(producers);

        Map<String, Object> consumer = new HashMap<>(settings.consumer());
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, bed.groupId());
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        ContainerProperties properties = new ContainerProperties(bed.topics().source());
        properties.setKafkaAwareTransactionManager(new KafkaTransactionManager<>(producers));
        properties.setMessageListener((BatchMessageListener<byte[], byte[]>) records -> count(records, template));
        container = new KafkaMessageListenerContainer<>(new DefaultKafkaConsumerFactory<>(consumer), properties);
    }

    /** Sends how often each key came in this poll, and how often it came in all. */
    private void count(List<ConsumerRecord<byte[], byte[]>> records, KafkaTemplate<byte[], byte[]> template) {
        polls.add(records.size());
        Map<String, Long> counts = new TreeMap<>();
        records.forEach(record -> counts.merge(Log.text(record.key()), 1L, Long::sum));
        counts.forEach((key, count) -> {
            String row = count + " " + totals.merge(key, count, Long::sum);
            template.send(bed.topics().sink(), bytes(key), bytes(row));
        });
    }

    @AfterEach
    void stop() {
        faults.heal();
        container.stop();
        producers.destroy();
    }

    @Test
    void countsExactlyWithoutFaults() {
        run();
        assertThat(counted()).isEqualTo(FIRST + SECOND);
        assertThat(total()).isEqualTo(FIRST + SECOND);
    }

    /** The default after-rollback processor seeks to the first record of a batch that is committed. */
    @Test
    void countsTwiceWhenTheAnswerToTheCommitIsLost() {
        failOnce("commitTransaction", call -> {
            call.proceed();
            throw new TimeoutException("the answer was lost");
        });
        assertThat(counted()).isEqualTo(FIRST + SECOND + polls.get(0));
    }

    /** The container logs the exception, calls no after-rollback processor, and polls on. */
    @ParameterizedTest
    @ValueSource(classes = {ProducerFencedException.class, FencedInstanceIdException.class})
    void losesTheBatchWhenFenced(Class<? extends KafkaException> kind) throws Exception {
        KafkaException fenced = kind.getConstructor(String.class).newInstance("fenced");
        failOnce("sendOffsetsToTransaction", call -> {
            throw fenced;
        });
        assertThat(counted()).isEqualTo(FIRST + SECOND - polls.get(0));
    }

    /** Here the container is right and the broker's offsets are too; but the listener's memory is not rolled back. */
    @Test
    void remembersTheBatchThatWasRolledBack() {
        failOnce("commitTransaction", call -> {
            throw new KafkaException("not committed");
        });
        assertThat(counted()).isEqualTo(FIRST + SECOND);
        assertThat(total()).isEqualTo(FIRST + SECOND + polls.get(0));
    }

    private void failOnce(String method, Faults.Fault fault) {
        AtomicInteger met = faults.nextProducerCalls(1, method, fault);
        run();
        assertThat(met).hasValue(1);
    }

    /** Some records before the fault, which it hits, and some after. */
    private void run() {
        Input input = bed.input();
        input.random(FIRST, 1_000);
        container.start();
        await().until(() -> !polls.isEmpty());
        input.random(SECOND, 1_000);
        await().until(() -> {
            OffsetAndMetadata offset = bed.committed().get(0);
            return offset != null && offset.offset() == FIRST + SECOND;
        });
    }

    /** What all polls together counted, as a careful reader sees it. */
    private long counted() {
        return rows().stream()
                .mapToLong(row -> Long.parseLong(row.split(" ")[0]))
                .sum();
    }

    /** What the newest row of each key says. */
    private long total() {
        Map<String, Long> newest = new HashMap<>();
        bed.log().read(bed.topics().sink()).forEach(record -> {
            String[] row = Log.text(record.value()).split(" ");
            newest.merge(Log.text(record.key()), Long.parseLong(row[1]), Math::max);
        });
        return newest.values().stream().mapToLong(Long::longValue).sum();
    }

    private List<String> rows() {
        return bed.log().read(bed.topics().sink()).stream()
                .map(record -> Log.text(record.value()))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
