package io.tally.codec.sink;

import static io.tally.codec.TestRecord.NEW_YEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.engine.WindowResult;
import io.tally.window.TimeWindow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextEncoderTest {
    private static final String PATTERN = "yyyy-MM-dd_HH:mm:ss";

    @Test
    void writesTheClassicRow() {
        ResultEncoder encoder = encoder("{start} {key} {count}", PATTERN, List.of("ip"), "count");
        assertThat(encode(encoder, NEW_YEAR, "10.0.0.1", 5L)).isEqualTo("2026-01-01_00:00:00 10.0.0.1 5");
        assertThat(encode(encoder, NEW_YEAR, "10.0.0.2", 123456789L))
                .isEqualTo("2026-01-01_00:00:00 10.0.0.2 123456789");
        assertThat(encode(encoder, NEW_YEAR + 5000, "10.0.0.1", 1L)).isEqualTo("2026-01-01_00:00:05 10.0.0.1 1");
        assertThat(encode(encoder, 0, "10.0.0.1", 1L)).isEqualTo("1970-01-01_00:00:00 10.0.0.1 1");
        assertThat(encode(encoder, -5000, "10.0.0.1", 1L)).isEqualTo("1969-12-31_23:59:55 10.0.0.1 1");
    }

    @ParameterizedTest
    @CsvSource({
        "yyyy-MM-dd HH:mm XXX, Europe/Berlin, 2026-01-01 01:00 +01:00|2026-01-01 01:00 +01:00",
        "iso, Europe/Berlin, 2026-01-01T00:00:00.500Z|2026-01-01T00:00:05.500Z",
        "epoch-seconds, UTC, 1767225600.5|1767225605.5",
        "epoch-millis, UTC, 1767225600500|1767225605500",
        "epoch-micros, UTC, 1767225600500000|1767225605500000",
        "epoch-nanos, UTC, 1767225600500000000|1767225605500000000"
    })
    void writesTimesInTheFormatAndZone(String format, ZoneId zone, String expected) {
        ResultEncoder encoder =
                Encoders.create(new SinkFormat.Text("{start}|{end}", format, zone), List.of(), List.of());
        assertThat(encode(encoder, NEW_YEAR + 500, "k")).isEqualTo(expected);
    }

    @Test
    void writesEveryKindOfValueExactly() {
        ResultEncoder encoder = encoder("{a};{b};{c};{d};{e}", "iso", List.of(), "a", "b", "c", "d", "e");
        assertThat(encode(
                        encoder,
                        0,
                        "k",
                        Long.MIN_VALUE,
                        new BigDecimal("-1234567890123456789012.50"),
                        new BigDecimal("1E+3"),
                        "text ü".getBytes(StandardCharsets.UTF_8),
                        null))
                .isEqualTo("-9223372036854775808;-1234567890123456789012.50;1000;text ü;");
        for (long value : new long[] {0, 9, 10, 99, 100, -1, -10, Long.MAX_VALUE, 999999999999999999L}) {
            assertThat(encode(encoder("{a}", "iso", List.of(), "a"), 0, "k", value))
                    .isEqualTo(String.valueOf(value));
        }
    }

    @Test
    void writesSeveralValuesAsCompactJson() {
        byte[] comma = "a,b".getBytes(StandardCharsets.UTF_8);
        assertThat(encode(
                        encoder("{top} {all} {none}", "iso", List.of(), "top", "all", "none"),
                        0,
                        "k",
                        List.of(Map.of("value", comma)),
                        List.of(comma, comma),
                        List.of()))
                .isEqualTo("[{\"value\":\"a,b\"}] [\"a,b\",\"a,b\"] []");
    }

    @Test
    void namesTheFieldsOfACompositeKey() {
        ResultEncoder encoder = encoder("{host}/{path} {key}", "iso", List.of("host", "path"));
        assertThat(encode(encoder, 0, "[\"h\",\"p\"]")).isEqualTo("h/p [\"h\",\"p\"]");
        assertThat(encode(encoder, 0, "[\"\",\"\"]")).isEqualTo("/ [\"\",\"\"]");
        assertThat(encode(
                        encoder("{b}", "iso", List.of("a", "b")),
                        0,
                        "[\"\\\"]\",\"\\\\\\b\\t\\n\\f\\r\\u001f\\\"ü,\"]"))
                .isEqualTo("\\\\\\b\\t\\n\\f\\r\\u001f\"ü,");
    }

    @Test
    void aSingleKeyFieldMayBeNamedAnything() {
        assertThat(encode(encoder("{ip}={key}", "iso", List.of("ip")), 0, "k")).isEqualTo("k=k");
        assertThat(encode(encoder("{key}", "iso", List.of("key")), 0, "k")).isEqualTo("k");
        assertThat(encode(encoder("{start}", "epoch-millis", List.of("start")), 7, "k"))
                .isEqualTo("7");
    }

    @Test
    void bracesAreDoubled() {
        assertThat(encode(encoder("{{{key}}} }}{{ ü", "iso", List.of()), 0, "k"))
                .isEqualTo("{k} }{ ü");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'sink.template is empty; for example {start} {key} {count}'",
        "'{start', 'sink.template ''{start'' has a brace without its partner at index 0'",
        "'a}', 'sink.template ''a}'' has a brace without its partner at index 1'",
        "'{key} {cnt}', 'sink.template has the placeholder {cnt}, which is none of [start, end, key, ip, count]'",
        "'{}', 'sink.template has the placeholder {}, which is none of'",
        "'{ key }', 'sink.template has the placeholder { key }, which is none of'"
    })
    void refusesTemplatesThatDoNotFit(String template, String message) {
        assertThatThrownBy(() -> encoder(template, "iso", List.of("ip"), "count"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesNamesThatClash() {
        assertThatThrownBy(() -> encoder("{key}", "iso", List.of("ip"), "ip"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("aggregate 'ip' has a name that the result row already uses: [start, end, key, ip];"
                        + " choose another");
        assertThatThrownBy(() -> encoder("{key}", "iso", List.of("a", "end")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key field 'end' has a name");
    }

    @ParameterizedTest
    @CsvSource({"yyyy-MM-ddTHH", "epoch-days", "'{'", "'''open'"})
    void refusesTimeFormatsThatAreNone(String format) {
        assertThatThrownBy(() -> new SinkFormat.Text("{key}", format, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sink.time-format '" + format + "' is not a date pattern");
    }

    @Test
    void aForeignKeyIsAnErrorAndNotAWrongRow() {
        ResultEncoder encoder = encoder("{a}", "iso", List.of("a", "b"));
        for (String key : List.of(
                "", "k", "[", "[\"a\"]", "[\"a\",\"b\"", "[\"a\",\"b\"]x", "[\"a\",\"b\",\"c\"]", "[1,2]", "[\"a\\")) {
            assertThatThrownBy(() -> encode(encoder, 0, key))
                    .as(key)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("is not a JSON array of 2 texts, as this pipeline's keys are");
        }
    }

    /** START KEY COUNT becomes START KEY COUNT REVISION where rows come again. */
    @Test
    void endsWithTheRevisionUnlessTheTemplateSaysWhere() {
        WindowResult update = new WindowResult(0, 5000, new byte[] {'k'}, new Object[] {7L}, 3, false);
        assertThat(revised("{start} {key} {count}", update)).isEqualTo("1970-01-01T00:00:00Z k 7 3");
        assertThat(revised("{key} {revision}/{final} {count}", update)).isEqualTo("k 3/false 7");
        assertThat(revised("{key} {final}", update)).isEqualTo("k false");
    }

    /** START KEY COUNT becomes START KEY COUNT END REVISION REPLACES for sessions. */
    @Test
    void endsWithWhatItReplacesUnlessTheTemplateSaysWhere() {
        WindowResult first = new WindowResult(0, 5000, new byte[] {'k'}, new Object[] {7L}, 1, true);
        List<TimeWindow> two = List.of(new TimeWindow(0, 5000), new TimeWindow(6000, 9000));
        WindowResult next = new WindowResult(0, 9000, new byte[] {'k'}, new Object[] {9L}, 2, true, two);
        assertThat(row("{start} {key} {count}", "epoch-millis", RowShape.FULL, first))
                .isEqualTo("0 k 7 5000 1 []");
        assertThat(row("{start} {key} {count}", "ss\"", RowShape.FULL, next))
                .isEqualTo("00\" k 9 09\" 2 [[\"00\\\"\",\"05\\\"\"],[\"06\\\"\",\"09\\\"\"]]");
        assertThat(row("{key} {replaces} {end} {final}", "epoch-millis", RowShape.FULL, next))
                .isEqualTo("k [[\"0\",\"5000\"],[\"6000\",\"9000\"]] 9000 true");
    }

    /** Windows that begin together are told apart by their ends. */
    @Test
    void endsWithTheEndWhereTheStartIsNotEnough() {
        WindowResult row = new WindowResult(0, 5000, new byte[] {'k'}, new Object[] {7L}, 3, false);
        assertThat(row("{start} {key} {count}", "epoch-millis", new RowShape(true, true, true, false), row))
                .isEqualTo("0 k 7 5000 3");
        assertThat(row("{start} {key} {count}", "epoch-millis", new RowShape(true, false, true, false), row))
                .isEqualTo("0 k 7");
    }

    private static String revised(String template, WindowResult result) {
        return row(template, "iso", new RowShape(true, true, false, false), result);
    }

    private static String row(String template, String times, RowShape shape, WindowResult result) {
        SinkFormat format = new SinkFormat.Text(template, times, ZoneOffset.UTC);
        ResultEncoder encoder = Encoders.create(format, shape, List.of("ip"), List.of("count"));
        return new String(encoder.encode(result), StandardCharsets.UTF_8);
    }

    @Test
    void onlyRowsThatComeAgainHaveARevision() {
        assertThatThrownBy(() -> encoder("{key} {revision}", "iso", List.of("ip"), "count"))
                .hasMessageContaining("{revision}, which is none of [start, end, key, ip, count]");
    }

    @Test
    void aTotalHasNoEnd() {
        SinkFormat format = new SinkFormat.Text("{key} {end}", "iso", ZoneOffset.UTC);
        assertThatThrownBy(() ->
                        Encoders.create(format, new RowShape(false, true, false, false), List.of(), List.of("count")))
                .hasMessageContaining("{end}, which is none of [start, key, revision, final, count]");
    }

    private static ResultEncoder encoder(String template, String format, List<String> keyFields, String... aggregates) {
        return Encoders.create(new SinkFormat.Text(template, format, ZoneOffset.UTC), keyFields, List.of(aggregates));
    }

    private static String encode(ResultEncoder encoder, long start, String key, @Nullable Object... values) {
        byte[] row =
                encoder.encode(new WindowResult(start, start + 5000, key.getBytes(StandardCharsets.UTF_8), values));
        return new String(row, StandardCharsets.UTF_8);
    }
}
