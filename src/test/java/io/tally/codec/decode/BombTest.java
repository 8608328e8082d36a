package io.tally.codec.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tally.codec.Rejection;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceFormat;
import io.tally.codec.SourceLimits;
import io.tally.codec.TestRecord;
import io.tally.codec.framing.FramedFormat;
import io.tally.codec.framing.Skip;
import io.tally.codec.framing.Split;
import io.tally.codec.json.JsonFormat;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.text.PatternFormat;
import io.tally.codec.text.Quote;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Records that are made to cost as much as possible are refused with a reason, and take little memory. */
class BombTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MEGABYTE = 1 << 20;
    private static final String TIME = "2026-01-01_00:00:05";

    private static final SourceFormat JSON = new JsonFormat(Map.of("time", "/time", "ip", "/ip"));
    private static final SourceFormat COLUMNS = new ColumnsFormat(List.of("time", "ip"), ' ');

    @Test
    void aLongValue() {
        byte[] value = line("x".repeat(SourceLimits.DEFAULT.maxBytes()));
        assertThat(refused(Reason.TOO_LARGE, COLUMNS, value))
                .isEqualTo("the value has " + value.length + " bytes, and source.max-bytes is 4194304");
        assertThat(cut(COLUMNS, Split.LINES, value).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(cut(JSON, Split.ARRAY, value).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    /** The limit is on what came, not on what takes the place of damaged bytes. */
    @Test
    void aLongValueThatIsRepaired() {
        byte[] damaged = new byte[SourceLimits.DEFAULT.maxBytes() + 1];
        Arrays.fill(damaged, (byte) 0xFF);
        SourceFormat repairing = new FramedFormat(COLUMNS, Split.NONE, Skip.NOTHING, true);
        assertThat(refused(Reason.TOO_LARGE, repairing, damaged)).contains("4194305 bytes");
    }

    @Test
    void aLimitOfOnesOwn() {
        SourceFormat short10 = new FramedFormat(COLUMNS, Split.NONE, Skip.NOTHING, false, new SourceLimits(24, 1));
        new Decoding().source(short10).accept(TestRecord.of("10.1", TIME + " 10.1"));
        assertThat(refused(Reason.TOO_LARGE, short10, bytes(TIME + " 10.11"))).contains("25 bytes", "is 24");
    }

    @Test
    void manyEvents() {
        byte[] lines = bytes("x\n".repeat(100_001));
        assertThat(cut(COLUMNS, Split.LINES, lines).detail())
                .isEqualTo("the record holds 100001 events, and source.max-events is 100000");
        byte[] documents = bytes("[" + "1,".repeat(100_000) + "1]");
        assertThat(cut(JSON, Split.ARRAY, documents).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(cut(JSON, Split.VALUES, bytes("1 ".repeat(100_001))).reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void manyMembers() {
        String members = IntStream.range(0, 250_000)
                .mapToObj(number -> "\"" + Integer.toString(number, 36) + "\":1")
                .collect(Collectors.joining(","));
        assertThat(refused(Reason.MALFORMED, JSON, bytes("{" + members + "}"))).contains("200000");
        assertThat(refused(Reason.MALFORMED, JSON, bytes("{\"a\":[" + "1,".repeat(250_000) + "1]}")))
                .contains("200000");
    }

    @Test
    void manyLevels() {
        assertThat(refused(Reason.MALFORMED, JSON, bytes("{\"a\":".repeat(500_000))))
                .contains("100");
        assertThat(cut(JSON, Split.ARRAY, bytes("[".repeat(3_000_000))).reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void longNamesTextsAndNumbers() {
        assertThat(refused(Reason.MALFORMED, JSON, bytes("{\"" + "n".repeat(5_000) + "\":1}")))
                .contains("4096");
        assertThat(refused(Reason.MALFORMED, JSON, bytes("{\"ip\":" + "1".repeat(1_001) + "}")))
                .contains("1000");
        assertThat(refused(
                        Reason.BAD_KEY,
                        JSON,
                        bytes("{\"time\":\"" + TIME + "\",\"ip\":\"" + "k".repeat(3_000_000) + "\"}")))
                .contains("3000000 bytes");
    }

    @Test
    void manyColumnsAndAHardPattern() {
        byte[] columns = line("x ".repeat(2_000_000));
        assertThat(allocated(() -> new Decoding().source(COLUMNS).decode(TestRecord.of(bytes("x"), columns))))
                .isLessThan(columns.length + MEGABYTE);
        byte[] quotes = line("\"" + "\"\"".repeat(2_000_000));
        refused(Reason.MALFORMED, new ColumnsFormat(List.of("time", "ip"), ' ', Quote.of("\"")), quotes);
        SourceFormat pattern = new PatternFormat("(?<time>\\S+) (?<ip>(x+x+)+y)");
        refused(Reason.MALFORMED, pattern, line("x".repeat(3_000_000)));
    }

    private static byte[] line(String rest) {
        return bytes(TIME + " " + rest);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text of the rejection. */
    private static String refused(Reason reason, SourceFormat format, byte[] value) {
        Decoding decoding = new Decoding().source(format).key(false, 1024, "ip");
        String[] detail = {""};
        assertThat(allocated(() -> detail[0] = decoding.reject(reason, TestRecord.of(bytes("x"), value))))
                .as("bytes, for " + detail[0])
                .isLessThan(3L * value.length + 48 * MEGABYTE);
        return detail[0];
    }

    private static Rejection cut(SourceFormat format, Split split, byte[] value) {
        RecordParts parts = new RecordParts(Objects.requireNonNull(new FramedFormat(format, split).newFraming()));
        assertThat(allocated(() -> parts.of(TestRecord.of(bytes("x"), value))))
                .isLessThan(3L * value.length + 48 * MEGABYTE);
        return parts.rejection();
    }

    private static long allocated(Supplier<?> work) {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        work.get();
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
