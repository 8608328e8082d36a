package io.tally.codec.sink;

import static io.tally.codec.TestRecord.NEW_YEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.Event;
import io.tally.codec.Fuzz;
import io.tally.codec.SourceFormat;
import io.tally.codec.TestRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.decode.Decoding;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.text.ColumnsFormat;
import io.tally.engine.WindowResult;
import io.tally.window.TimeWindow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonEncoderTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Test
    void writesARow() {
        ResultEncoder encoder = encoder(List.of("ip"), "count", "top");
        assertThat(encode(encoder, NEW_YEAR, "10.0.0.1", 5L, null))
                .isEqualTo("{\"windowStart\":\"2026-01-01T00:00:00Z\",\"windowEnd\":\"2026-01-01T00:00:05Z\","
                        + "\"key\":\"10.0.0.1\",\"count\":5,\"top\":null}");
    }

    @Test
    void endsWithTheRevisionWhereRowsComeAgain() {
        ResultEncoder encoder = Encoders.create(new SinkFormat.Json(), shape(true), List.of("ip"), List.of("count"));
        WindowResult update = new WindowResult(0, 5000, new byte[] {'k'}, new Object[] {7L}, 3, false);
        assertThat(new String(encoder.encode(update), StandardCharsets.UTF_8))
                .isEqualTo("{\"windowStart\":\"1970-01-01T00:00:00Z\",\"windowEnd\":\"1970-01-01T00:00:05Z\","
                        + "\"key\":\"k\",\"count\":7,\"revision\":3,\"final\":false}");
    }

    @Test
    void aSessionNamesTheWindowsThatItReplaces() {
        ResultEncoder encoder = Encoders.create(new SinkFormat.Json(), RowShape.FULL, List.of("ip"), List.of("count"));
        WindowResult first = new WindowResult(0, 5000, new byte[] {'k'}, new Object[] {7L}, 1, true);
        assertThat(new String(encoder.encode(first), StandardCharsets.UTF_8))
                .isEqualTo("{\"windowStart\":\"1970-01-01T00:00:00Z\",\"windowEnd\":\"1970-01-01T00:00:05Z\","
                        + "\"key\":\"k\",\"count\":7,\"revision\":1,\"final\":true,\"replaces\":[]}");
        List<TimeWindow> two = List.of(new TimeWindow(0, 5000), new TimeWindow(6000, 9000));
        WindowResult next = new WindowResult(0, 9000, new byte[] {'k'}, new Object[] {9L}, 2, true, two);
        assertThat(new String(encoder.encode(next), StandardCharsets.UTF_8))
                .isEqualTo("{\"windowStart\":\"1970-01-01T00:00:00Z\",\"windowEnd\":\"1970-01-01T00:00:09Z\","
                        + "\"key\":\"k\",\"count\":9,\"revision\":2,\"final\":true,\"replaces\":["
                        + "{\"windowStart\":\"1970-01-01T00:00:00Z\",\"windowEnd\":\"1970-01-01T00:00:05Z\"},"
                        + "{\"windowStart\":\"1970-01-01T00:00:06Z\",\"windowEnd\":\"1970-01-01T00:00:09Z\"}]}");
    }

    private static RowShape shape(boolean windowed) {
        return new RowShape(windowed, true, false, false);
    }

    @Test
    void aTotalHasNoWindow() {
        ResultEncoder encoder = Encoders.create(new SinkFormat.Json(), shape(false), List.of(), List.of("count"));
        WindowResult row = new WindowResult(0, Long.MAX_VALUE, new byte[] {'k'}, new Object[] {7L}, 4, false);
        assertThat(new String(encoder.encode(row), StandardCharsets.UTF_8))
                .isEqualTo("{\"key\":\"k\",\"count\":7,\"revision\":4,\"final\":false}");
    }

    @Test
    void writesEachFieldOfACompositeKey() {
        assertThat(encode(encoder(List.of("a", "b"), "count"), NEW_YEAR, "[\"x\\\"\",\"ü\"]", 1L))
                .isEqualTo("{\"windowStart\":\"2026-01-01T00:00:00Z\",\"windowEnd\":\"2026-01-01T00:00:05Z\","
                        + "\"key\":\"[\\\"x\\\\\\\"\\\",\\\"ü\\\"]\",\"a\":\"x\\\"\",\"b\":\"ü\",\"count\":1}");
    }

    @Test
    void numbersAreExact() {
        ResultEncoder encoder = encoder(List.of(), "a", "b", "c");
        String row = encode(
                encoder,
                0,
                "k",
                Long.MIN_VALUE,
                new BigDecimal("123456789012345678901234567890.123"),
                new BigDecimal("-1E+2"));
        assertThat(row).endsWith("\"a\":-9223372036854775808,\"b\":123456789012345678901234567890.123,\"c\":-100}");
    }

    @Test
    void writesSeveralValuesAsArraysAndObjects() {
        Map<String, Object> quantiles = new LinkedHashMap<>();
        quantiles.put("0.5", 12L);
        quantiles.put("0.99", new BigDecimal("4E+1"));
        quantiles.put("\"", null);
        byte[] quoted = "a\"b".getBytes(StandardCharsets.UTF_8);
        String row = encode(
                encoder(List.of(), "top", "quantiles", "none"),
                0,
                "k",
                List.of(Map.of("value", quoted), List.of()),
                quantiles,
                List.of());
        assertThat(row)
                .endsWith("\"top\":[{\"value\":\"a\\\"b\"},[]],"
                        + "\"quantiles\":{\"0.5\":12,\"0.99\":40,\"\\\"\":null},\"none\":[]}");
        assertThat(MAPPER.readTree(row).get("top").get(0).get("value").stringValue())
                .isEqualTo("a\"b");
    }

    @Test
    void refusesAResultThatHasNoForm() {
        assertThatThrownBy(() -> encode(encoder(List.of(), "a"), 0, "k", 1.5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a result of type java.lang.Double has no JSON form");
    }

    @Test
    void anyKeyGivesValidJsonThatReadsBack() {
        Random random = Fuzz.random(getClass());
        SourceFormat pairs = new ColumnsFormat(List.of("a", "b"), '|');
        Decoding decoding = new Decoding()
                .source(pairs)
                .timestamp(Decoding.timestamp(null, ""))
                .key(false, 1000, "a", "b");
        ResultEncoder encoder = encoder(List.of("a", "b"), "na\"me\n");
        ResultEncoder text = Encoders.create(
                new SinkFormat.Text("{a}|{b}", "iso", ZoneOffset.UTC, false, SinkFormat.Escape.NONE),
                List.of("a", "b"),
                List.of());
        int rows = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] value = Fuzz.bytes(random, 12, "\",\\[]|xn/\b\f\t\u0000\u001F\u007F");
            if (decoding.decode(TestRecord.of(null, value)) != RecordDecoder.Verdict.ACCEPTED) {
                continue;
            }
            rows++;
            Event event = decoding.event();
            byte[] key = Arrays.copyOfRange(event.keyBuffer(), event.keyStart(), event.keyStart() + event.keyLength());
            String line = new String(value, 0, ByteScan.withoutLineEnds(ByteRange.of(value)), StandardCharsets.UTF_8);
            String[] columns = line.split("\\|", -1);
            byte[] aggregate = columns[0].getBytes(StandardCharsets.UTF_8);
            WindowResult result = new WindowResult(0, 1, key, new Object[] {aggregate});

            JsonNode tree = MAPPER.readTree(encoder.encode(result));
            assertThat(tree.get("key").stringValue()).isEqualTo(Decoding.key(event));
            assertThat(tree.get("a").stringValue()).isEqualTo(columns[0]);
            assertThat(tree.get("b").stringValue()).isEqualTo(columns[1]);
            assertThat(tree.get("na\"me\n").stringValue()).isEqualTo(columns[0]);
            assertThat(new String(text.encode(result), StandardCharsets.UTF_8))
                    .isEqualTo(columns[0] + "|" + columns[1]);
        }
        assertThat(rows).isGreaterThan(1000);
    }

    @Test
    void evenInvalidTextGivesValidJson() {
        byte[] row = encoder(List.of(), "a").encode(new WindowResult(0, 1, new byte[] {'k', -1}, new Object[] {
            new byte[] {(byte) 0xC3}
        }));
        JsonNode tree = MAPPER.readTree(row);
        assertThat(tree.get("key").stringValue()).isEqualTo("k\uFFFD");
        assertThat(tree.get("a").stringValue()).isEqualTo("\uFFFD");
    }

    @Test
    void refusesNamesThatClash() {
        assertThatThrownBy(() -> encoder(List.of("a"), "key"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("aggregate 'key' has a name");
        assertThatThrownBy(() -> encoder(List.of("a", "windowEnd")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key field 'windowEnd' has a name");
        assertThatThrownBy(() -> encoder(List.of("a", "b"), "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("aggregate 'b' has a name");
        // A single key field is not written under its own name.
        encoder(List.of("count"), "count");
    }

    private static ResultEncoder encoder(List<String> keyFields, String... aggregates) {
        return Encoders.create(new SinkFormat.Json(), keyFields, List.of(aggregates));
    }

    private static String encode(ResultEncoder encoder, long start, String key, @Nullable Object... values) {
        byte[] row =
                encoder.encode(new WindowResult(start, start + 5000, key.getBytes(StandardCharsets.UTF_8), values));
        return new String(row, StandardCharsets.UTF_8);
    }
}
