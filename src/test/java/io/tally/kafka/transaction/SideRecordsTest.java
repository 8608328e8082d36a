package io.tally.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Rejection;
import io.tally.kafka.topic.SideTopic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class SideRecordsTest {
    private final SideRecords records = new SideRecords("group", "visits", 0);

    @Test
    void keepHeaders() {
        ProducerRecord<byte[], byte[]> letter = deadLetter(1_000, 1 << 20);
        assertThat(letter.headers().lastHeader("h999")).isNotNull();
        assertThat(letter.headers().lastHeader(SideRecords.HEADERS_DROPPED)).isNull();
    }

    @Test
    void leaveOutHeadersThatAreTooMany() {
        assertDropped(deadLetter(1_001, 1 << 20), 1_001);
        assertDropped(deadLetter(200_000, 1 << 20), 200_000);
    }

    @Test
    void leaveOutHeadersThatAreTooLong() {
        assertDropped(deadLetter(900, 4_096), 900);
    }

    private static void assertDropped(ProducerRecord<byte[], byte[]> letter, int headers) {
        Header dropped = Objects.requireNonNull(letter.headers().lastHeader(SideRecords.HEADERS_DROPPED));
        assertThat(new String(dropped.value(), StandardCharsets.UTF_8)).isEqualTo(Integer.toString(headers));
        assertThat(letter.headers().toArray()).hasSizeLessThan(20);
        assertThat(letter.headers().lastHeader(SideRecords.REASON)).isNotNull();
        assertThat(letter.headers().lastHeader(SideRecords.ORIGINAL_OFFSET)).isNotNull();
        assertThat(letter.value()).isEqualTo(new byte[100]);
    }

    private ProducerRecord<byte[], byte[]> deadLetter(int headers, long maxBytes) {
        ConsumerRecord<ByteBuffer, ByteBuffer> record =
                new ConsumerRecord<>("visits", 0, 7, ByteBuffer.allocate(4), ByteBuffer.allocate(100));
        for (int i = 0; i < headers; i++) {
            record.headers().add("h" + i, new byte[2]);
        }
        return records.deadLetter(
                new SideTopic("letters", 1, maxBytes),
                new RecordView(1).of(record),
                new Rejection(Rejection.Reason.MALFORMED, "no line"));
    }
}
