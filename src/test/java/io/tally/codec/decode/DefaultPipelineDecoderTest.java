package io.tally.codec.decode;

import static io.tally.codec.TestRecord.NEW_YEAR;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.TestRecord;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The classic pipeline: lines {@code yyyy-MM-dd_HH:mm:ss IP}, keyed by IP, partitioned by it. */
class DefaultPipelineDecoderTest {
    private final Decoding decoding = new Decoding();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01_00:00:05 10.0.0.1",
                "2026-01-01_00:00:05 10.0.0.1\n",
                "2026-01-01_00:00:05 10.0.0.1\r\n",
                "2026-01-01_00:00:05 10.0.0.1\r\r\n\n",
                "\uFEFF2026-01-01_00:00:05 10.0.0.1\r",
                "2026-01-01_00:00:05 10.0.0.1 GET /",
                "2026-01-01_00:00:05 10.0.0.1 ",
                "2026-01-01_00:00:05 10.0.0.1  \u0000"
            })
    void accepts(String line) {
        var event = decoding.accept(TestRecord.of("10.0.0.1", line));
        assertThat(event.time()).isEqualTo(NEW_YEAR + 5000);
        assertThat(Decoding.key(event)).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01_00:00:05, MISSING_FIELD",
        "garbage, BAD_TIMESTAMP",
        "2026-01-01_00:00:0510.0.0.1, BAD_TIMESTAMP",
        "2026-01-01 00:00:05 10.0.0.1, BAD_TIMESTAMP",
        "' 2026-01-01_00:00:05 10.0.0.1', BAD_TIMESTAMP",
        "2026-02-30_00:00:05 10.0.0.1, BAD_TIMESTAMP",
        "'2026-01-01_00:00:05 ', BAD_KEY",
        "2026-01-01_00:00:05  10.0.0.1, BAD_KEY",
        "1970-01-01_00:00:00 10.0.0.1, TIMESTAMP_OUT_OF_RANGE",
        "1999-12-31_23:59:59 10.0.0.1, TIMESTAMP_OUT_OF_RANGE",
        "2026-01-02_00:00:01 10.0.0.1, TIMESTAMP_OUT_OF_RANGE",
        "9999-12-31_23:59:59 10.0.0.1, TIMESTAMP_OUT_OF_RANGE",
        "2026-01-01_00:00:05 10.0.0.2, KEY_MISMATCH",
        "2026-01-01_00:00:05 10.0.0.11, KEY_MISMATCH",
        "2026-01-01_00:00:05 10.0.0., KEY_MISMATCH",
        "2026-01-01_00:00:05 \"10.0.0.1\", MALFORMED",
        "'', EMPTY_VALUE",
        "\uFEFF, EMPTY_VALUE"
    })
    void rejects(String line, Reason reason) {
        decoding.reject(reason, TestRecord.of("10.0.0.1", line));
    }

    @Test
    void saysThatUtf16IsNotRead() {
        byte[] value = "2026-01-01_00:00:05 10.0.0.1".getBytes(StandardCharsets.UTF_16);
        assertThat(decoding.reject(Reason.MALFORMED, TestRecord.of(TestRecord.bytes("10.0.0.1"), value)))
                .isEqualTo("the value begins with the byte order mark of UTF-16; it must be UTF-8");
    }

    @Test
    void explainsAKeyThatIsNotTheRecordKey() {
        assertThat(decoding.reject(Reason.KEY_MISMATCH, TestRecord.of("10.0.0.9", "2026-01-01_00:00:05 10.0.0.1")))
                .isEqualTo("record key '10.0.0.9' is not the group key '10.0.0.1': declare another key, or set"
                        + " key.verify=false to use a shuffle");
        assertThat(decoding.reject(Reason.NULL_KEY, TestRecord.of(null, "2026-01-01_00:00:05 10.0.0.1")))
                .startsWith("the record has no key, its group key is '10.0.0.1': ")
                .endsWith("to use a shuffle");
        assertThat(decoding.reject(Reason.KEY_MISMATCH, TestRecord.of("", "2026-01-01_00:00:05 10.0.0.1")))
                .startsWith("record key '' is not");
        String longKey = "\u0007ü".repeat(300);
        assertThat(decoding.reject(
                        Reason.KEY_MISMATCH, TestRecord.of(longKey, "2026-01-01_00:00:05 " + "k".repeat(1024))))
                .contains("record key '\\x07\\xc3\\xbc")
                .contains("kkkkkk...'")
                .endsWith("to use a shuffle");
    }

    @Test
    void aRejectionDoesNotOutliveItsRecord() {
        decoding.reject(Reason.EMPTY_VALUE, TestRecord.of("10.0.0.1", null));
        decoding.accept(TestRecord.of("10.0.0.1", "2026-01-01_00:00:05 10.0.0.1"));
    }

    /** A tombstone is no event; an empty text is one that went wrong. */
    @Test
    void skipsNullValuesIfToldTo() {
        decoding.skippingNullValues();
        assertThat(decoding.decode(TestRecord.of("10.0.0.1", null))).isEqualTo(RecordDecoder.Verdict.SKIPPED);
        assertThat(decoding.decoder().rejection()).isNull();
        decoding.reject(Reason.EMPTY_VALUE, TestRecord.of("10.0.0.1", ""));
    }

    @Test
    void allocatesNothing() {
        TestRecord[] records = IntStream.range(0, 1000)
                .mapToObj(i -> TestRecord.of(
                        "10.0.0." + i % 250, "2026-01-01_00:%02d:%02d 10.0.0.%d x".formatted(i / 60, i % 60, i % 250)))
                .toArray(TestRecord[]::new);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 50; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (TestRecord record : records) {
                decoding.decoder().decode(record, decoding.event());
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        // Once a minute of event time the calendar arithmetic may cost an object.
        assertThat(least).isLessThan(records.length);
    }
}
