package io.tally.codec.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Fuzz;
import io.tally.codec.SourceFormat;
import io.tally.codec.TestRecord;
import io.tally.codec.framing.FramedFormat;
import io.tally.codec.framing.Split;
import io.tally.codec.json.JsonFormat;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.text.Quote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** How records are cut into events. */
class RecordPartsTest {
    private static final SourceFormat COLUMNS = new ColumnsFormat(List.of("a"), ',');
    private static final SourceFormat QUOTED = new ColumnsFormat(List.of("a"), ',', Quote.of("'"));
    private static final SourceFormat JSON = new JsonFormat(Map.of("a", "/a"));

    @Test
    void linesAreEvents() {
        assertThat(parts(COLUMNS, Split.LINES, "a,1\nb\r\nc\n\n\r\nd")).containsExactly("a,1", "b", "c", "d");
        assertThat(parts(COLUMNS, Split.LINES, "\uFEFFa")).containsExactly("a");
        assertThat(parts(QUOTED, Split.LINES, "a,'x\ny'\nb,'''\n'\n")).containsExactly("a,'x\ny'", "b,'''\n'");
        assertThat(parts(QUOTED, Split.LINES, "a,'x\nb\nc")).containsExactly("a,'x", "b", "c");
        assertThat(parts(JSON, Split.LINES, "{\"a\":1}\n{\"a\n{}\n")).containsExactly("{\"a\":1}", "{\"a", "{}");
        assertThat(rejection(COLUMNS, Split.LINES, "\n\r\n\n")).startsWith("EMPTY_VALUE: ");
    }

    /** It took minutes when each pair of quotes had the rest of the value looked through. */
    @Test
    @Timeout(10)
    void aValueOfQuotesIsReadOnce() {
        String quotes = "'".repeat(900_000);
        assertThat(parts(QUOTED, Split.LINES, quotes)).containsExactly(quotes);
        assertThat(parts(QUOTED, Split.LINES, quotes + "\n" + quotes)).containsExactly(quotes, quotes);
    }

    @Test
    void elementsOfAnArrayAreEvents() {
        assertThat(parts(JSON, Split.ARRAY, " [ {\"a\":[1,{}]} , 2.5,\"x],\\\"\", null, [ ] , true]\n"))
                .containsExactly("{\"a\":[1,{}]}", "2.5", "\"x],\\\"\"", "null", "[ ]", "true");
        assertThat(parts(JSON, Split.ARRAY, "\uFEFF[]")).isEmpty();
        assertThat(parts(JSON, Split.ARRAY, "{\"a\":[1]} ")).containsExactly("{\"a\":[1]}");
        assertThat(rejection(JSON, Split.ARRAY, "[1][2]")).startsWith("SEVERAL_EVENTS: ");
    }

    @Test
    void documentsAreEvents() {
        assertThat(parts(JSON, Split.VALUES, "{\"a\":1}{\"a\":\n2}\n[3] \"x\""))
                .containsExactly("{\"a\":1}", "{\"a\":\n2}", "[3]", "\"x\"");
    }

    /** What comes behind the damage could be anything, so that nothing of the record counts. */
    @ParameterizedTest
    @ValueSource(
            strings = {"[{\"a\":1},{\"a\":", "[{\"a\":1}", "[1,]", "[1 2]", "{\"a\":1}]", "{} x", " ", "[\"\uD800\"]"})
    void damagedJsonIsRejectedWhole(String value) {
        assertThat(rejection(JSON, Split.ARRAY, value)).startsWith("MALFORMED: value that is no JSON document: ");
        if (!value.equals("[1 2]")) {
            assertThat(rejection(JSON, Split.VALUES, value)).startsWith("MALFORMED: ");
        }
    }

    @Test
    void aRecordWithoutAValueIsItsOwnEvent() {
        for (String value : new String[] {null, ""}) {
            TestRecord record = TestRecord.of("k", value);
            RecordParts parts = newParts(JSON, Split.ARRAY);
            assertThat(parts.of(record)).isEqualTo(1);
            assertThat(parts.part(record, 0)).isSameAs(record);
        }
    }

    @Test
    void partsHaveTheirPlace() {
        TestRecord record = TestRecord.of("k", "x\ny\n");
        RecordParts parts = newParts(COLUMNS, Split.LINES);
        assertThat(parts.of(record)).isEqualTo(2);
        RecordPart second = (RecordPart) parts.part(record, 1);
        assertThat(second.event()).isEqualTo(2);
        assertThat(second.events()).isEqualTo(2);
        assertThat(second.whole()).isSameAs(record);
        assertThat(second.key()).isSameAs(record.key());
        assertThat(second.timestamp()).isEqualTo(record.timestamp());
    }

    /** Whatever the values are: those that were put together come apart as they were. */
    @Test
    void takesRandomDocumentsApart() {
        Random random = Fuzz.random(getClass());
        JsonMapper mapper = JsonMapper.builder().build();
        for (int round = 0; round < 5_000; round++) {
            List<String> documents = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                documents.add(mapper.writeValueAsString(value(random, 3)));
            }
            assertThat(parts(
                            JSON, Split.ARRAY, "[" + String.join(space(random) + "," + space(random), documents) + "]"))
                    .isEqualTo(documents);
            assertThat(parts(JSON, Split.VALUES, String.join(" " + space(random), documents)))
                    .isEqualTo(documents);
            assertThat(parts(JSON, Split.LINES, String.join("\n", documents))).isEqualTo(documents);
        }
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> random.nextInt();
            case 1 -> new String(Fuzz.bytes(random, 8, "[]{}\",\\ ä"), StandardCharsets.ISO_8859_1);
            case 2 -> random.nextBoolean() ? null : random.nextBoolean();
            case 3 -> random.nextDouble();
            case 4 -> List.of(random.nextInt(), Map.of("[", "]"));
            default -> Map.of("k\"}", List.of(), "x", Objects.requireNonNullElse(value(random, depth - 1), 0));
        };
    }

    private static String space(Random random) {
        return " \n\t\r ".substring(random.nextInt(5));
    }

    private static RecordParts newParts(SourceFormat format, Split split) {
        return new RecordParts(Objects.requireNonNull(new FramedFormat(format, split).newFraming()));
    }

    private static List<String> parts(SourceFormat format, Split split, String value) {
        TestRecord record = TestRecord.of("k", value);
        RecordParts parts = newParts(format, split);
        int count = parts.of(record);
        assertThat(count == RecordParts.REJECTED ? parts.rejection() : null).isNull();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(new String(
                    Objects.requireNonNull(parts.part(record, i).value()).copy(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static String rejection(SourceFormat format, Split split, String value) {
        byte[] bytes = value.contains("\uD800")
                ? new byte[] {'[', '"', (byte) 0xFF, '"', ']'}
                : value.getBytes(StandardCharsets.UTF_8);
        RecordParts parts = newParts(format, split);
        assertThat(parts.of(TestRecord.of(TestRecord.bytes("k"), bytes))).isEqualTo(RecordParts.REJECTED);
        return parts.rejection().reason() + ": " + parts.rejection().detail();
    }
}
