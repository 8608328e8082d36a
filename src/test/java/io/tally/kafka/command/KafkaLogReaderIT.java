package io.tally.kafka.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.kafka.log.KafkaLogReader;
import io.tally.kafka.log.KafkaLogWriter;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.LogWriter;
import io.tally.pipeline.log.OffsetRange;
import io.tally.testkafka.Input;
import io.tally.testkafka.TestBed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The port to the logs, on a broker: what it hands over is what the pipeline would read. */
class KafkaLogReaderIT {
    @RegisterExtension
    final TestBed bed = new TestBed(2);

    private static List<Long> offsets(LogReader log, String topic, int partition, OffsetRange range) {
        List<Long> offsets = new ArrayList<>();
        log.read(topic, partition, range, record -> offsets.add(record.offset()));
        return offsets;
    }

    @Test
    void readsWhatIsCommittedOnly() {
        Input input = bed.input("writer-" + bed.groupId());
        KafkaProducer<byte[], byte[]> producer = input.producer();
        producer.beginTransaction();
        input.send(0, 1, input.time());
        input.send(0, 1, input.time());
        producer.commitTransaction();
        producer.beginTransaction();
        input.send(0, 1, input.time());
        // What was not sent yet would not be there at all.
        producer.flush();
        producer.abortTransaction();
        producer.beginTransaction();
        input.send(0, 1, input.time());
        producer.commitTransaction();
        String source = bed.topics().source();
        try (LogReader log = new KafkaLogReader(bed.settings(), "test")) {
            assertThat(log.partitions(source)).isEqualTo(2);
            assertThat(log.partitions("no-such-topic")).isZero();
            assertThat(log.range(source, 0)).isEqualTo(new OffsetRange(0, 7));
            assertThat(log.range(source, 1)).isEqualTo(new OffsetRange(0, 0));
            assertThat(offsets(log, source, 0, log.range(source, 0))).containsExactly(0L, 1L, 5L);
            assertThat(offsets(log, source, 0, new OffsetRange(1, 5))).containsExactly(1L);
            assertThat(log.read(source, 0, new OffsetRange(0, 7), record -> false))
                    .isEqualTo(1);
            assertThat(log.offsetAt(source, 0, 0)).isZero();
            assertThat(log.offsetAt(source, 0, Long.MAX_VALUE / 2)).isEqualTo(7);
            assertThatThrownBy(() -> offsets(log, source, 0, new OffsetRange(100, 101)))
                    .isInstanceOf(LogException.class)
                    .hasMessageContaining(source + "-0");
        }
    }

    /** An open transaction hides what is behind it: a command does not wait for its end. */
    @Test
    void endsWhereATransactionIsOpen() {
        Input input = bed.input("writer-" + bed.groupId());
        KafkaProducer<byte[], byte[]> producer = input.producer();
        producer.beginTransaction();
        input.send(1, 1, input.time());
        producer.commitTransaction();
        producer.beginTransaction();
        input.send(1, 1, input.time());
        producer.flush();
        try (LogReader log = new KafkaLogReader(bed.settings(), "test")) {
            OffsetRange held = log.range(bed.topics().source(), 1);
            assertThat(held).isEqualTo(new OffsetRange(0, 2));
            assertThat(offsets(log, bed.topics().source(), 1, held)).containsExactly(0L);
        } finally {
            producer.abortTransaction();
        }
    }

    private Map<String, Object> consumer(String group) {
        Map<String, Object> settings = new HashMap<>(bed.settings().consumer());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        return settings;
    }

    /** While a transaction is pending on an offset, the admin client would leave it out. */
    @Test
    void waitsForAnOffsetThatIsPending() {
        String source = bed.topics().source();
        String group = bed.groupId() + "-pending";
        Input input = bed.input("writer-" + bed.groupId());
        KafkaProducer<byte[], byte[]> producer = input.producer();
        try (LogReader log = new KafkaLogReader(bed.settings(), "test");
                KafkaConsumer<ByteBuffer, ByteBuffer> nobody = new KafkaConsumer<>(consumer(group));
                LogWriter writer = new KafkaLogWriter(bed.settings(), "other", "test", UnaryOperator.identity())) {
            writer.begin();
            writer.commit(List.of(), group, source, 0, new CommittedOffset(1, "one"));
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(source, 0), new OffsetAndMetadata(2, "two")), nobody.groupMetadata());
            CompletableFuture<SortedMap<Integer, CommittedOffset>> committed =
                    CompletableFuture.supplyAsync(() -> log.committed(group, source), work -> new Thread(work).start());
            producer.commitTransaction();
            assertThat(committed.join()).containsOnlyKeys(0);
            assertThat(committed.join().get(0).offset()).isBetween(1L, 2L);
        }
    }

    /**
     * What was never committed before is neither known as committed nor as pending to one who asks for all partitions.
     */
    @Test
    void waitsForTheFirstOffset() {
        String source = bed.topics().source();
        String group = bed.groupId() + "-first";
        KafkaProducer<byte[], byte[]> producer =
                bed.input("writer-" + bed.groupId()).producer();
        try (LogReader log = new KafkaLogReader(bed.settings(), "test");
                KafkaConsumer<ByteBuffer, ByteBuffer> nobody = new KafkaConsumer<>(consumer(group))) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(source, 0), new OffsetAndMetadata(2, "two")), nobody.groupMetadata());
            CompletableFuture<SortedMap<Integer, CommittedOffset>> committed =
                    CompletableFuture.supplyAsync(() -> log.committed(group, source), work -> new Thread(work).start());
            assertThatThrownBy(() -> committed.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            producer.commitTransaction();
            assertThat(committed.join()).containsOnlyKeys(0);
            assertThat(committed.join().get(0).offset()).isEqualTo(2);
        }
    }

    @Test
    void readsWhatAPipelineHasCommitted() {
        bed.started("a");
        Input input = bed.input();
        input.random(200, 10_000);
        bed.awaitProcessed();
        bed.stopAll();
        try (LogReader log = new KafkaLogReader(bed.settings(), "test")) {
            TreeMap<Integer, CommittedOffset> expected = new TreeMap<>();
            bed.committed().forEach((partition, offset) -> {
                expected.put(partition, new CommittedOffset(offset.offset(), offset.metadata()));
            });
            assertThat(expected).hasSize(2);
            assertThat(log.committed(bed.groupId(), bed.topics().source())).isEqualTo(expected);
            assertThat(log.committed("no-such-group", bed.topics().source())).isEmpty();
        }
    }
}
