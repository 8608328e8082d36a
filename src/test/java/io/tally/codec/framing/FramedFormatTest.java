package io.tally.codec.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceFormat;
import io.tally.codec.TestRecord;
import io.tally.codec.decode.Decoding;
import io.tally.codec.decode.RecordDecoder.Verdict;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.text.PatternFormat;
import io.tally.codec.text.Quote;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record of several lines must not count as its first. */
class FramedFormatTest {
    private static final String LINES = "2026-01-01_00:00:05 a\n2026-01-01_00:00:06 b\r\n2026-01-01_00:00:07 c\n";
    private static final SourceFormat COLUMNS = new ColumnsFormat(List.of("time", "ip"), ' ');
    private static final SourceFormat PATTERN = new PatternFormat("(?<time>\\S+) (?<ip>\\S+)");

    @Test
    void severalLinesAreRefused() {
        for (SourceFormat format : List.of(COLUMNS, PATTERN)) {
            assertThat(decoding(format, Split.NONE).reject(Reason.SEVERAL_EVENTS, TestRecord.of("a", LINES)))
                    .isEqualTo(
                            "the record holds 3 lines; source.split: lines makes an event of each, source.split: whole"
                                    + " takes them as one");
        }
    }

    /** Wherever the second line begins, before the last needed column, in it or far behind. */
    @Test
    void severalLinesAreRefusedWhereverTheyAre() {
        String line = "2026-01-01_00:00:05 a and more that nobody needs";
        for (int i = 1; i < line.length(); i++) {
            String value = line.substring(0, i) + "\n" + line.substring(i);
            assertThat(decoding(COLUMNS, Split.NONE).reject(Reason.SEVERAL_EVENTS, TestRecord.of("a", value)))
                    .startsWith("the record holds 2 lines;");
        }
    }

    @Test
    void lineEndsAtTheEndMakeNoSecondLine() {
        for (SourceFormat format : List.of(COLUMNS, PATTERN)) {
            Decoding decoding = decoding(format, Split.NONE);
            for (String end : List.of("", "\n", "\r\n", "\n\n", "\r\n\r\n")) {
                assertThat(decoding.decode(TestRecord.of("a", "2026-01-01_00:00:05 a" + end)))
                        .isEqualTo(Verdict.ACCEPTED);
                assertThat(Decoding.key(decoding.event())).isEqualTo("a");
            }
        }
    }

    @Test
    void aMessageWithItsStackTraceIsOneEventIfItIsSaidSo() {
        Decoding decoding = decoding(PATTERN, Split.WHOLE);
        assertThat(decoding.decode(TestRecord.of("a", "2026-01-01_00:00:05 a failed\n\tat Main\n\tat Thread\n")))
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(Decoding.key(decoding.event())).isEqualTo("a");
    }

    @Test
    void quotedLineFeedsEndNoLine() {
        SourceFormat quoted = new ColumnsFormat(List.of("time", "text", "ip"), ' ', Quote.of("\""));
        Decoding decoding = decoding(quoted, Split.NONE);
        assertThat(decoding.decode(TestRecord.of("a", "2026-01-01_00:00:05 \"x\n\"\"y\"\"\nz\" a\n")))
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(Decoding.key(decoding.event())).isEqualTo("a");
        assertThat(decoding.reject(
                        Reason.SEVERAL_EVENTS,
                        TestRecord.of("a", "2026-01-01_00:00:05 \"x\ny\" a\n2026-01-01_00:00:05 \"x\ny\" a")))
                .startsWith("the record holds 2 lines;");
    }

    private static Decoding decoding(SourceFormat format, Split split) {
        return new Decoding().source(new FramedFormat(format, split)).key(false, 1024, "ip");
    }
}
