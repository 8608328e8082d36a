package io.tally.codec.decode;

import static io.tally.codec.decode.InputField.Kind.NUMBER;
import static io.tally.codec.decode.InputField.Kind.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.TestRecord;
import io.tally.codec.json.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputsTest {
    private final Decoding decoding = new Decoding()
            .inputs(new InputField("bytes", NUMBER), new InputField("agent", TEXT), new InputField("bytes", TEXT));

    @Test
    void fillsTheSlotsInTheirOrder() {
        var event = decoding.accept(line("12.50 cürl"));
        assertThat(event.field(0).unscaled()).isEqualTo(1250);
        assertThat(event.field(0).scale()).isEqualTo(2);
        assertThat(text(event.field(0))).isEqualTo("12.50");
        assertThat(text(event.field(1))).isEqualTo("cürl");
        assertThat(text(event.field(2))).isEqualTo("12.50");
    }

    @Test
    void aNumberMustBeOne() {
        assertThat(decoding.reject(Reason.BAD_NUMBER, line("-- curl")))
                .isEqualTo("field 'bytes' holds '--', which is not a decimal number of at most 64 characters and"
                        + " exponent 100; if it means no value, name it in source.missing");
        decoding.reject(Reason.BAD_NUMBER, line("1e999999999 curl"));
        decoding.reject(Reason.BAD_NUMBER, line("1".repeat(65) + " curl"));
        decoding.reject(Reason.BAD_NUMBER, line("+ curl"));
    }

    @Test
    void aNumberMayBeMissing() {
        for (String missing : List.of("- curl", " curl")) {
            Event event = decoding.accept(line(missing));
            assertThat(event.field(0).isMissing()).isTrue();
            assertThat(event.field(1).isMissing()).isFalse();
            assertThat(event.field(2).isMissing()).as("as a text it is one").isFalse();
            assertThat(event.missingValues()).isEqualTo(1);
        }
        assertThat(decoding.accept(line("12 curl")).missingValues()).isZero();
    }

    @Test
    void aColumnBehindTheEndOfTheLineIsMissing() {
        assertThat(decoding.accept(line("1")).missingValues()).isEqualTo(1);
        Event event = decoding.accept(TestRecord.of("10.0.0.1", "2026-01-01_00:00:05 10.0.0.1"));
        assertThat(event.field(1).isMissing()).isTrue();
        assertThat(event.field(2).isMissing()).isTrue();
        assertThat(event.missingValues())
                .as("two fields, one of them read in two ways")
                .isEqualTo(2);
    }

    @Test
    void aTextMustBeUtf8AndBounded() {
        decoding.accept(line("1 " + "x".repeat(8192)));
        assertThat(decoding.reject(Reason.MALFORMED, line("1 " + "x".repeat(8193))))
                .isEqualTo("field 'agent' has 8193 bytes; aggregates take texts of at most 8192");
        byte[] value = "2026-01-01_00:00:05 10.0.0.1 1 x\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(decoding.reject(Reason.MALFORMED, TestRecord.of(TestRecord.bytes("10.0.0.1"), value)))
                .isEqualTo("field 'agent' is not UTF-8: 'x\\xff'; source.invalid-utf8: replace takes it all the same");
    }

    @Test
    void jsonNumbersMayBeTexts() {
        Decoding json = new Decoding()
                .source(new JsonFormat(Map.of("n", "/n")))
                .timestamp(Decoding.timestamp(null, ""))
                .key(false, 10)
                .inputs(new InputField("n", NUMBER));
        assertThat(json.accept(TestRecord.of("k", "{\"n\":12.5}")).field(0).unscaled())
                .isEqualTo(125);
        assertThat(json.accept(TestRecord.of("k", "{\"n\":\"12.5\"}")).field(0).unscaled())
                .isEqualTo(125);
        json.reject(Reason.BAD_NUMBER, TestRecord.of("k", "{\"n\":true}"));
        json.reject(Reason.BAD_NUMBER, TestRecord.of("k", "{\"n\":1e999999999}"));
        assertThat(json.accept(TestRecord.of("k", "{\"n\":null}")).field(0).isMissing())
                .isTrue();
        json.reject(Reason.MALFORMED, TestRecord.of("k", "{\"n\":[1]}"));
    }

    private static TestRecord line(String rest) {
        return TestRecord.of("10.0.0.1", "2026-01-01_00:00:05 10.0.0.1 " + rest);
    }

    private static String text(FieldValue value) {
        return new String(value.buffer(), value.start(), value.length(), StandardCharsets.UTF_8);
    }
}
