package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Rejection;
import io.tally.kafka.transaction.SideRecords;
import io.tally.plan.Topics;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.Log;
import io.tally.testkafka.TestBed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.kafka.support.KafkaHeaders;

/** What a late record and a dead letter tell. */
class SideTopicsIT {
    @RegisterExtension
    final TestBed bed = new TestBed(2);

    @Test
    void lateRecordKeepsItselfAndTellsByHowMuch() {
        Input input = bed.input();
        long time = input.time();
        input.send(1, 7, time);
        input.send(1, 7, time + 8_500);
        input.send(1, "p1-k7", time + 1_000 + " p1-k7 5 late", header("trace", "abc"));
        bed.started("a");
        bed.assertExact();

        ConsumerRecord<byte[], byte[]> late =
                bed.log().read(bed.topics().late()).get(0);
        assertThat(late.partition()).isEqualTo(1);
        assertThat(Log.text(late.key())).isEqualTo("p1-k7");
        assertThat(Log.text(late.value())).isEqualTo(time + 1_000 + " p1-k7 5 late");
        assertThat(text(late, "trace")).isEqualTo("abc");
        assertThat(text(late, SideRecords.WINDOW_START)).isEqualTo("2027-01-15T08:00:00Z");
        assertThat(text(late, SideRecords.WINDOW_END)).isEqualTo("2027-01-15T08:00:05Z");
        assertThat(text(late, SideRecords.EVENT_TIME)).isEqualTo("2027-01-15T08:00:01Z");
        assertThat(text(late, SideRecords.WATERMARK)).isEqualTo("2027-01-15T08:00:06.500Z");
        assertThat(text(late, SideRecords.LATE_BY)).isEqualTo("1500");
        assertCoordinates(late, 1, 2);
    }

    @Test
    void deadLetterKeepsItselfAndTellsWhy() {
        Input input = bed.input();
        input.send(0, 1, input.time());
        input.send(0, "p0-k1", "no number at all");
        input.closeWindows();
        bed.started("a");
        bed.assertExact();

        ConsumerRecord<byte[], byte[]> dead = deadLetters().get(0);
        assertThat(dead.partition()).isZero();
        assertThat(Log.text(dead.key())).isEqualTo("p0-k1");
        assertThat(Log.text(dead.value())).isEqualTo("no number at all");
        assertThat(text(dead, SideRecords.REASON)).isEqualTo("BAD_TIMESTAMP");
        assertThat(text(dead, KafkaHeaders.DLT_EXCEPTION_FQCN)).isEqualTo(Rejection.class.getName());
        assertThat(text(dead, KafkaHeaders.DLT_EXCEPTION_MESSAGE)).contains("time");
        assertCoordinates(dead, 0, 1);
    }

    /** As where somebody deletes it, and the broker makes it anew with as many partitions as it gives all topics. */
    @Test
    void aTopicThatHasFewerPartitionsThanBefore() {
        Input input = bed.input();
        bed.started("a");
        bed.progress(1);
        String late = bed.topics().late();
        Answers.get(bed.admin().deleteTopics(List.of(late)).all());
        bed.create(new NewTopic(late, 1, (short) 1));

        input.send(1, 1, input.time());
        input.send(1, 1, input.time() - 60_000);
        input.closeWindows();
        bed.assertExact();
        assertThat(bed.log().read(late)).hasSize(1);
    }

    @Test
    void headersThatClaimToBeOursAreDropped() {
        Input input = bed.input();
        input.send(
                1,
                "k",
                "poison",
                header(KafkaHeaders.DLT_ORIGINAL_TOPIC, "payments"),
                header(KafkaHeaders.DLT_ORIGINAL_OFFSET, "99"),
                header(SideRecords.REASON, "FORGED"),
                header("mine", "kept"));
        bed.started("a");
        bed.awaitProcessed();

        ConsumerRecord<byte[], byte[]> dead = deadLetters().get(0);
        assertCoordinates(dead, 1, 0);
        assertThat(dead.headers().headers(SideRecords.REASON)).hasSize(1);
        assertThat(text(dead, SideRecords.REASON)).isNotEqualTo("FORGED");
        assertThat(text(dead, "mine")).isEqualTo("kept");
    }

    /** Nothing that can be in a record stops the partition or moves its watermark. */
    @Test
    void everyPoisonBecomesADeadLetter() {
        Input input = bed.input();
        long time = input.time();
        input.send(0, 1, time);
        List<@Nullable String> poison = Arrays.asList(
                null,
                "",
                " ",
                "\n",
                "\u0000",
                "\uFEFF\uFEFF" + time + " k 1 bom",
                time + "",
                "1e999999999 k 1 t",
                "NaN k 1 t",
                "-1 k 1 t",
                "0 k 1 t",
                Long.MAX_VALUE + " k 1 t",
                "99999999999999999999999999 k 1 t",
                "253402300799999 k 1 t",
                time + " k 1e999999999 t",
                time + " k NaN t",
                time + " k " + "9".repeat(10_000) + " t",
                time + " other 1 key-mismatch",
                time + "  1 empty-key",
                time + " " + "k".repeat(2_000) + " 1 long-key",
                time + " k 1 " + "x".repeat(9_000),
                "x".repeat(900_000));
        poison.forEach(value -> input.send(0, "k", value));
        input.send(0, null, time + " k 1 null-key");
        input.send(0, "", time + " k 1 empty-record-key");
        input.send(new ProducerRecord<>(
                bed.topics().source(), 0, bytes("k"), new byte[] {'1', (byte) 0xC3, (byte) 0x28, ' ', -1}));
        // The watermark has not moved: this is in time.
        input.send(0, 1, time - 1_000);
        input.closeWindows();
        Instance instance = bed.started("a");
        bed.awaitProcessed();

        assertThat(deadLetters())
                .hasSize(poison.size() + 3)
                .allSatisfy(dead -> assertThat(text(dead, SideRecords.REASON)).isNotEmpty());
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
        assertThat(bed.progress(0).metadata().ledger().folded()).isEqualTo(3);
        assertThat(bed.rows()).hasSize(2);
        assertThat(instance.events().aborts).isEmpty();
    }

    /** The copy with its headers would not fit, so the value is cut, and says so. */
    @Test
    void deadLetterThatDoesNotFitIsCut() throws Exception {
        Topics topics = bed.topics();
        bed.create(new NewTopic(topics.deadLetter(), 2, (short) 1).configs(Map.of("max.message.bytes", "20000")));
        Input input = bed.input();
        String value = Input.noise(100_000);
        input.send(0, "k", value);
        input.closeWindows();
        bed.started("a");
        bed.awaitProcessed();

        ConsumerRecord<byte[], byte[]> dead = deadLetters().get(0);
        assertThat(dead.value().length).isBetween(15_000, 20_000);
        assertThat(value).startsWith(Log.text(dead.value()));
        assertThat(text(dead, SideRecords.TRUNCATED_FROM)).isEqualTo("100000");
        assertThat(text(dead, SideRecords.VALUE_SHA_256))
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(value))));
        assertCoordinates(dead, 0, 0);
    }

    /** The attacker's headers alone are larger than any dead letter may be. */
    @Test
    void hugeHeadersDoNotStopThePartition() {
        Topics topics = bed.topics();
        bed.create(new NewTopic(topics.deadLetter(), 2, (short) 1).configs(Map.of("max.message.bytes", "20000")));
        Input input = bed.input();
        input.send(0, "k", "poison", header("huge", Input.noise(100_000)));
        input.send(0, Input.noise(100_000), "poison");
        input.closeWindows();
        bed.started("a");
        bed.awaitProcessed();

        assertThat(deadLetters()).hasSize(2);
        ConsumerRecord<byte[], byte[]> withoutHeaders = deadLetters().get(0);
        assertCoordinates(withoutHeaders, 0, 0);
        assertThat(Log.text(withoutHeaders.value())).isEqualTo("poison");
        assertThat(text(withoutHeaders, SideRecords.HEADERS_DROPPED)).isEqualTo("1");
        ConsumerRecord<byte[], byte[]> withoutKey = deadLetters().get(1);
        assertCoordinates(withoutKey, 0, 1);
        assertThat(withoutKey.key().length).isBetween(1, 20_000);
        assertThat(text(withoutKey, SideRecords.KEY_TRUNCATED_FROM)).isEqualTo("100000");
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return bed.log().read(bed.topics().deadLetter());
    }

    private void assertCoordinates(ConsumerRecord<byte[], byte[]> side, int partition, long offset) {
        assertThat(text(side, KafkaHeaders.DLT_ORIGINAL_TOPIC))
                .isEqualTo(bed.topics().source());
        assertThat(text(side, KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP)).isEqualTo(bed.groupId());
        assertThat(ByteBuffer.wrap(value(side, KafkaHeaders.DLT_ORIGINAL_PARTITION))
                        .getInt())
                .isEqualTo(partition);
        assertThat(ByteBuffer.wrap(value(side, KafkaHeaders.DLT_ORIGINAL_OFFSET))
                        .getLong())
                .isEqualTo(offset);
        assertThat(ByteBuffer.wrap(value(side, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP))
                        .getLong())
                .isPositive();
        assertThat(text(side, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP_TYPE)).isEqualTo("CreateTime");
        assertThat(side.headers().headers(KafkaHeaders.DLT_ORIGINAL_OFFSET)).hasSize(1);
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        return Log.text(value(record, header));
    }

    private static byte[] value(ConsumerRecord<byte[], byte[]> record, String header) {
        Header found = record.headers().lastHeader(header);
        assertThat(found).as("header %s", header).isNotNull();
        return found.value();
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
