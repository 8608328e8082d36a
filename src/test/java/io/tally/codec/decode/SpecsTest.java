package io.tally.codec.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.json.JsonFormat;
import io.tally.codec.key.KeySpec;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.text.PatternFormat;
import io.tally.codec.text.Quote;
import io.tally.codec.time.TimestampSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the specifications refuse, and how they say it. */
class SpecsTest {
    private static final Instant FLOOR = Instant.parse("2000-01-01T00:00:00Z");

    @Test
    void columns() {
        refused(() -> ColumnsFormat.of(List.of(), " ", Quote.UNEXPECTED), "columns must name at least one column");
        refused(
                () -> ColumnsFormat.of(List.of("a", "b", "a"), " ", Quote.UNEXPECTED),
                "columns must have different names, but 'a'");
        refused(() -> ColumnsFormat.of(List.of("a", " "), " ", Quote.UNEXPECTED), "columns holds the name ' '");
        refused(() -> ColumnsFormat.of(List.of("a{"), " ", Quote.UNEXPECTED), "columns holds the name 'a{'");
        refused(
                () -> ColumnsFormat.of(List.of("a"), "", Quote.UNEXPECTED),
                "separator must be one ASCII character, not ''");
        refused(
                () -> ColumnsFormat.of(List.of("a"), "||", Quote.UNEXPECTED),
                "separator must be one ASCII character, not '||'");
        refused(
                () -> ColumnsFormat.of(List.of("a"), "\n", Quote.UNEXPECTED),
                "separator must be one ASCII character other than a line end, not '\\n'");
        refused(
                () -> ColumnsFormat.of(List.of("a"), "ü", Quote.UNEXPECTED),
                "separator must be one ASCII character other than a line end, not '\\xc3\\xbc'");
    }

    @Test
    void pattern() {
        refused(() -> new PatternFormat("\\S+"), "pattern has no named group");
        refused(() -> new PatternFormat("(?<a>"), "pattern is not a regular expression");
        assertThat(new PatternFormat("(?<b>x)(?<a>y)").fieldNames()).containsExactly("b", "a");
    }

    @Test
    void json() {
        refused(() -> new JsonFormat(Map.of("ip", "client.ip")), "fields.ip is not a JSON Pointer");
        refused(() -> new JsonFormat(Map.of("", "/a")), "fields holds the name ''");
        Map<String, String> fields = new LinkedHashMap<>(Map.of("a", "/a"));
        JsonFormat json = new JsonFormat(fields);
        fields.put("b", "/b");
        assertThat(json.fieldNames()).containsExactly("a");
        assertThat(new JsonFormat(Map.of()).fieldNames()).isEmpty();
    }

    @Test
    void timestamp() {
        refused(() -> timestamp(" ", "iso", FLOOR, Duration.ZERO), "timestamp.field is blank");
        refused(
                () -> timestamp("t", "yyyy-MM-ddTHH", FLOOR, Duration.ZERO),
                "timestamp.format 'yyyy-MM-ddTHH' is not a date pattern: Unknown pattern letter: T");
        refused(
                () -> timestamp("t", "HH:mm", FLOOR, Duration.ZERO),
                "timestamp.format 'HH:mm' does not tell an instant");
        refused(
                () -> timestamp("t", "epoch-days", FLOOR, Duration.ZERO),
                "timestamp.format 'epoch-days' is unknown; the epoch formats are [epoch-micros, epoch-millis, epoch-nanos, epoch-seconds]");
        refused(
                () -> timestamp("t", "iso", Instant.MIN, Duration.ZERO),
                "timestamp.floor must lie in the years 1 to 9999");
        refused(
                () -> timestamp("t", "iso", Instant.MAX, Duration.ZERO),
                "timestamp.floor must lie in the years 1 to 9999");
        refused(
                () -> timestamp("t", "iso", FLOOR, Duration.ofMillis(-1)),
                "timestamp.max-ahead must be between 0 and 36525d");
        refused(
                () -> timestamp("t", "iso", FLOOR, Duration.ofSeconds(Long.MAX_VALUE)),
                "timestamp.max-ahead must be between 0 and 36525d");
        assertThat(Decoding.timestamp("t", "yyyy-MM-dd").hasPattern()).isTrue();
        assertThat(Decoding.timestamp("t", "iso").hasPattern()).isFalse();
        assertThat(Decoding.timestamp(null, "yyyy-MM-dd").hasPattern()).isFalse();
    }

    @Test
    void key() {
        refused(() -> new KeySpec(List.of("a", "a"), true, 10), "key.fields must be different fields, not [a, a]");
        refused(() -> new KeySpec(List.of(), true, 0), "key.max-bytes must be 1 to 65535, not 0");
        refused(() -> new KeySpec(List.of(), true, 65_536), "key.max-bytes must be 1 to 65535, not 65536");
        List<String> fields = new ArrayList<>(List.of("a"));
        KeySpec key = new KeySpec(fields, true, 10);
        fields.add("b");
        assertThat(key.fields()).containsExactly("a");
    }

    @Test
    void everyFieldMustBeDeclared() {
        refused(
                () -> new Decoding().timestamp(Decoding.timestamp("tim", "iso")).newDecoder(),
                "timestamp.field names the field 'tim', which the source does not declare; its fields are [time, ip, bytes, agent]");
        refused(() -> new Decoding().key(true, 10, "ips").newDecoder(), "key.fields names the field 'ips'");
        refused(
                () -> new Decoding()
                        .inputs(new InputField("size", InputField.Kind.NUMBER))
                        .newDecoder(),
                "an aggregate names the field 'size'");
    }

    @Test
    void aTimeMustFitItsColumn() {
        refused(
                () -> new Decoding()
                        .timestamp(Decoding.timestamp("time", "yyyy-MM-dd HH:mm:ss"))
                        .newDecoder(),
                "timestamp.format 'yyyy-MM-dd HH:mm:ss' gives times like '1970-01-01 00:00:00', which the column separator ' ' cuts in two");
    }

    private static TimestampSpec timestamp(String field, String format, Instant floor, Duration maxAhead) {
        return new TimestampSpec(field, format, ZoneOffset.UTC, floor, maxAhead);
    }

    private static void refused(ThrowingCallable creation, String message) {
        assertThatThrownBy(creation)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
