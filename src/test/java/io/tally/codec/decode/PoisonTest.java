package io.tally.codec.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.codec.Framing;
import io.tally.codec.Fuzz;
import io.tally.codec.Rejection;
import io.tally.codec.SourceFormat;
import io.tally.codec.SourceRecord;
import io.tally.codec.TestRecord;
import io.tally.codec.decode.FilterSpec.Condition;
import io.tally.codec.decode.FilterSpec.Operator;
import io.tally.codec.decode.RecordDecoder.Verdict;
import io.tally.codec.framing.FramedFormat;
import io.tally.codec.framing.Skip;
import io.tally.codec.framing.Split;
import io.tally.codec.json.JsonFormat;
import io.tally.codec.log.AccessLogFormat;
import io.tally.codec.log.W3cFormat;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.text.PatternFormat;
import io.tally.codec.text.Quote;
import io.tally.codec.time.TimestampSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, a decoder does not throw, its answer is printable, and it is the same as that of a new decoder.
 */
class PoisonTest {
    private static final List<String> SAMPLES = List.of(
            "2026-01-01_00:00:05 10.0.0.1 17 curl",
            "{\"time\":\"2026-01-01T00:00:05.5+01:00\",\"client\":{\"ip\":\"10.0.0.1\",\"n\":[1,2.5e3]},\"agent\":\"\\u00e4\"}",
            "10.0.0.1 - - [01/Jan/2026:00:00:05 +0000] \"GET / HTTP/1.1\" 200 17",
            "1767225605|10.0.0.1|-12.75|x",
            "10.0.0.1 - a b [01/Jan/2026:00:00:05 +0000] \"GET /\\\" HTTP/1.1\" 200 - \"-\" \"curl \\\" x\"",
            "#Fields: date ip bytes agent",
            "1767225605|\"10|\"\"0.0.1\"|-12.75|x");

    /** Stands where nothing is split. */
    private static final Framing WHOLE = (value, cuts) -> cuts.add(value.start(), value.end());

    private final Map<String, Decoding> decodings = decodings();

    private static Map<String, Decoding> decodings() {
        InputField[] inputs = {
            new InputField("bytes", InputField.Kind.NUMBER), new InputField("agent", InputField.Kind.TEXT)
        };
        Condition[] conditions = {
            new Condition("agent", Operator.EXISTS, List.of()),
            new Condition("agent", Operator.MATCHES, List.of("(\\S+\\s*)*")),
            new Condition("bytes", Operator.GT, List.of("-1e3")),
            new Condition("agent", Operator.NOT_IN, List.of("x", "5"))
        };
        SourceFormat json =
                new JsonFormat(Map.of("time", "/time", "ip", "/client/ip", "bytes", "/client/n/1", "agent", "/agent"));
        SourceFormat pattern = new PatternFormat(
                "(?<ip>\\S+) \\S+ \\S+ \\[(?<time>[^\\]]+)\\] \"(?<agent>[^\"]*)\" \\d+ (?<bytes>\\S+)");
        SourceFormat bars = new ColumnsFormat(List.of("time", "ip", "bytes", "agent"), '|');
        TimestampSpec berlin = new TimestampSpec(
                "time",
                "yyyy-MM-dd_HH:mm:ss",
                ZoneId.of("Europe/Berlin"),
                Instant.parse("0001-01-01T00:00:00Z"),
                Duration.ofDays(36_525));
        Map<String, Decoding> decodings = new LinkedHashMap<>();
        decodings.put("default", new Decoding());
        decodings.put("zoned", new Decoding().timestamp(berlin).inputs(inputs));
        decodings.put(
                "json",
                new Decoding()
                        .source(json)
                        .timestamp(Decoding.timestamp("time", "iso"))
                        .key(false, 20, "ip", "agent")
                        .inputs(inputs));
        decodings.put(
                "pattern",
                new Decoding()
                        .source(pattern)
                        .timestamp(Decoding.timestamp("time", "dd/MMM/yyyy:HH:mm:ss Z"))
                        .filter(conditions)
                        .inputs(inputs));
        decodings.put(
                "epoch",
                new Decoding()
                        .source(bars)
                        .timestamp(Decoding.timestamp("time", "epoch-seconds"))
                        .key(false, 100)
                        .filter(conditions)
                        .inputs(inputs));
        for (boolean combined : new boolean[] {false, true}) {
            SourceFormat log = new FramedFormat(
                    new AccessLogFormat(combined), Split.NONE, new Skip(List.of("{"), "\\s*$"), combined);
            decodings.put(
                    combined ? "combined" : "common",
                    new Decoding()
                            .source(log)
                            .timestamp(Decoding.timestamp("time", log.timeFormat()))
                            .key(false, 100, combined ? "agent" : "target", "user")
                            .inputs(new InputField("bytes", InputField.Kind.NUMBER)));
        }
        SourceFormat w3c = new W3cFormat(List.of("date", "ip", "bytes", "agent"));
        decodings.put(
                "w3c",
                new Decoding()
                        .source(w3c)
                        .timestamp(Decoding.timestamp("date", "yyyy-MM-dd_HH:mm:ss"))
                        .key(false, 100, "ip")
                        .inputs(inputs));
        decodings.put(
                "w3c lines",
                new Decoding()
                        .source(new FramedFormat(new W3cFormat(List.of()), Split.LINES))
                        .timestamp(Decoding.timestamp("date", "yyyy-MM-dd_HH:mm:ss"))
                        .key(false, 100, "ip")
                        .inputs(inputs));
        for (Split split : List.of(Split.LINES, Split.ARRAY, Split.VALUES)) {
            decodings.put(
                    "json " + split,
                    new Decoding()
                            .source(new FramedFormat(json, split, Skip.NOTHING, split == Split.ARRAY))
                            .timestamp(Decoding.timestamp("time", "iso"))
                            .key(false, 100, "ip")
                            .inputs(inputs));
        }
        decodings.put(
                "csv lines",
                new Decoding()
                        .source(new FramedFormat(
                                new ColumnsFormat(List.of("time", "ip", "bytes", "agent"), '|', Quote.of("\"")),
                                Split.LINES))
                        .timestamp(Decoding.timestamp("time", "epoch-seconds"))
                        .key(false, 100, "ip")
                        .inputs(inputs));
        decodings.put(
                "csv",
                new Decoding()
                        .source(new ColumnsFormat(List.of("time", "ip", "bytes", "agent"), '|', Quote.of("\"")))
                        .timestamp(Decoding.timestamp("time", "epoch-seconds"))
                        .key(false, 100, "ip")
                        .inputs(inputs));
        return decodings;
    }

    @Test
    void theSamplesAreSound() {
        assertThat(verdict("default", SAMPLES.get(0))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("zoned", SAMPLES.get(0))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("json", SAMPLES.get(1))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("pattern", SAMPLES.get(2))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("epoch", SAMPLES.get(3))).isEqualTo(Verdict.FILTERED);
        assertThat(verdict("common", SAMPLES.get(2))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("combined", SAMPLES.get(4))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("common", SAMPLES.get(1))).isEqualTo(Verdict.SKIPPED);
        assertThat(verdict("w3c", SAMPLES.get(0))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("w3c", SAMPLES.get(5))).isEqualTo(Verdict.SKIPPED);
        for (String json : List.of("json LINES", "json ARRAY", "json VALUES")) {
            assertThat(verdict(json, SAMPLES.get(1))).isEqualTo(Verdict.ACCEPTED);
        }
        assertThat(verdict("w3c lines", SAMPLES.get(0))).isEqualTo(Verdict.REJECTED);
        assertThat(verdict("w3c lines", "#Fields: date ip bytes agent")).isEqualTo(Verdict.SKIPPED);
        assertThat(verdict("w3c lines", SAMPLES.get(0))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("csv", SAMPLES.get(6))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict("csv lines", SAMPLES.get(6))).isEqualTo(Verdict.ACCEPTED);
    }

    private Verdict verdict(String name, String sample) {
        return Objects.requireNonNull(decodings.get(name)).decode(TestRecord.of("10.0.0.1", sample));
    }

    @Test
    void survivesRandomAndDamagedBytes() {
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 5_000; round++) {
            byte[] value = random.nextInt(4) == 0
                    ? Fuzz.bytes(random, 60, "0123456789-_: .{}[]\",\\ue")
                    : Fuzz.damage(
                            random, SAMPLES.get(random.nextInt(SAMPLES.size())).getBytes(StandardCharsets.UTF_8));
            if (random.nextInt(4) == 0) {
                value = Fuzz.damage(random, value);
            }
            byte[] key = random.nextBoolean() ? TestRecord.bytes("10.0.0.1") : Fuzz.bytes(random, 10, "10.");
            long time = random.nextInt(10) == 0 ? random.nextLong() : TestRecord.NEW_YEAR;
            checkAll(TestRecord.of(random.nextInt(20) == 0 ? null : key, value).at(time));
        }
    }

    @Test
    void survivesTheCorpus() {
        for (byte @Nullable [] value : corpus()) {
            checkAll(TestRecord.of(TestRecord.bytes("10.0.0.1"), value));
            checkAll(TestRecord.of(value, value).at(-1));
        }
    }

    private static List<byte @Nullable []> corpus() {
        List<byte @Nullable []> corpus = new ArrayList<>();
        corpus.add(null);
        for (String text : List.of(
                "",
                " ",
                "\n",
                "\r\n",
                "|",
                "\u0000",
                "noblank",
                "2026-01-01_00:00:05",
                "2026-13-01_00:00:05 10.0.0.1",
                "1970-01-01_00:00:00 10.0.0.1",
                "9999-12-31_23:59:59 10.0.0.1",
                "{",
                "[",
                "\"",
                "{}",
                "[]",
                "null",
                "{\"time\":{}}",
                "{\"time\":1e999999999}",
                "{\"time\":\"2026-01-01T00:00:00Z\",\"time\":1}",
                "NaN",
                "9223372036854775807|k|NaN|x",
                "-9223372036854775808|k|1e999999999|x",
                "1e100|k|1|x",
                "\uFEFF{}")) {
            corpus.add(TestRecord.bytes(text));
        }
        byte[] large = new byte[900_000];
        for (byte filler : new byte[] {' ', 'x', '{', '[', '"', '1', '\\', 0, (byte) 0x80, (byte) 0xFF}) {
            Arrays.fill(large, filler);
            corpus.add(large.clone());
            byte[] line = large.clone();
            byte[] head = SAMPLES.get(0).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(head, 0, line, 0, head.length);
            corpus.add(line);
        }
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        corpus.add(every);
        corpus.add("{\"a\":".repeat(50_000).getBytes(StandardCharsets.UTF_8));
        return corpus;
    }

    /** Each event of a record. A format that does not split has one. */
    private void checkAll(TestRecord record) {
        decodings.forEach((name, decoding) -> {
            Framing framing = decoding.decoder().framing();
            RecordParts parts = new RecordParts(framing == null ? WHOLE : framing);
            int events = framing == null ? 1 : parts.of(record);
            if (events == RecordParts.REJECTED) {
                assertSound(name, parts.rejection());
            }
            // Some have hundreds of thousands.
            for (int event = 0; event < Math.min(events, 20); event++) {
                check(name, decoding, framing == null ? record : parts.part(record, event));
            }
        });
    }

    /** The answer is that of a decoder which has seen nothing but the same header: nothing is left of other records. */
    private static void check(String name, Decoding decoding, SourceRecord record) {
        String header = decoding.decoder().header();
        Verdict verdict = decoding.decode(record);
        String answer = describe(verdict, decoding.decoder(), decoding.event(), decoding.inputCount());
        if (verdict == Verdict.REJECTED) {
            assertSound(name, decoding.decoder().requiredRejection());
        }
        RecordDecoder fresh = decoding.newDecoder();
        fresh.resumeUnder(header);
        Event event = new Event(decoding.inputCount());
        assertThat(describe(fresh.decode(record, event), fresh, event, decoding.inputCount()))
                .as(name)
                .isEqualTo(answer);
        assertThat(fresh.header()).as(name).isEqualTo(decoding.decoder().header());
        assertThat(String.valueOf(fresh.header())).matches("[!-~]{0,1536}");
    }

    private static void assertSound(String name, Rejection rejection) {
        assertThat(rejection.detail()).as(name).matches("[ -~]{1,200}");
    }

    private static String describe(Verdict verdict, RecordDecoder decoder, Event event, int inputs) {
        Rejection rejection = decoder.rejection();
        return switch (verdict) {
            case REJECTED -> rejection == null ? "no reason" : rejection.reason() + ": " + rejection.detail();
            case SKIPPED -> "skipped";
            case FILTERED -> "filtered at " + event.time();
            case ACCEPTED ->
                event.time() + " " + Decoding.key(event) + " " + event.missingValues()
                        + IntStream.range(0, inputs)
                                .mapToObj(slot -> describe(event.field(slot)))
                                .toList();
        };
    }

    private static String describe(FieldValue value) {
        return value.isMissing()
                ? "-"
                : new String(value.buffer(), value.start(), value.length(), StandardCharsets.ISO_8859_1) + "/"
                        + value.unscaled() + "/" + value.scale() + "/" + value.big();
    }
}
