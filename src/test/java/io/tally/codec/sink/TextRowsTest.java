package io.tally.codec.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.JsonText;
import io.tally.codec.sink.SinkFormat.Escape;
import io.tally.engine.WindowResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A reader that knows only the template gets out of each row what went into it. */
class TextRowsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ALPHABET = List.of(
            " ", ";", "|", "=", "\"", "\\", "/", "\n", "\r", "\t", "\u000B", "\f", "\0", "\u007F", "\u0085", "\u2028",
            "\u2029", "→", "😀", "😁", "ü", "漢", "u", "n", "7", "a", "[", "]", "{", "}", ",", ":");

    @Test
    void theKeyOfTheIssueIsOneLineOfThreeParts() {
        assertThat(row("{start} {key} {count}", List.of("k"), List.of("count"), "a 7\nb", 3L))
                .isEqualTo("1970-01-01T00:00:00Z a\\u00207\\nb 3");
    }

    /** All kinds of texts in rows, in all kinds of templates. */
    @Test
    void everyRowIsOneLineThatCanBeSplit() {
        int seeds = Integer.getInteger("tally.seeds", 500);
        for (long seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            List<String> keyFields = random.nextBoolean() ? List.of("a", "b") : List.of("a");
            List<String> keyTexts =
                    keyFields.stream().map(field -> text(random)).toList();
            List<String> collected = List.of(text(random), text(random));
            String first = text(random);
            Map<String, Object> custom = Map.of(text(random), bytes(text(random)));
            List<String> names = new ArrayList<>(List.of("key", "a", "first", "collected", "custom", "count"));
            if (keyFields.size() > 1) {
                names.add("b");
            }
            String separator = random(random, " ", ";", "|", "=", "→", "😀", "\" \"", " | ", "/n=");
            String template = names.stream().map(name -> "{" + name + "}").collect(Collectors.joining(separator));
            String key = keyTexts.size() == 1 ? keyTexts.get(0) : composite(keyTexts);

            String row = row(
                    template,
                    keyFields,
                    List.of("first", "collected", "custom", "count"),
                    key,
                    bytes(first),
                    collected.stream().map(TextRowsTest::bytes).toList(),
                    custom,
                    7L);

            String[] parts = row.split(Pattern.quote(separator), -1);
            String of = "seed " + seed + ", template " + template + ", row " + row;
            assertThat(row).as(of).doesNotContainPattern("\\R|\\p{Cntrl}");
            assertThat(parts).as(of).hasSize(names.size());
            assertThat(
                            keyTexts.size() == 1
                                    ? unescaped(parts[0])
                                    : JSON.readTree(parts[0]).toString())
                    .as(of)
                    .isEqualTo(keyTexts.size() == 1 ? key : JSON.readTree(key).toString());
            assertThat(unescaped(parts[1])).as(of).isEqualTo(keyTexts.get(0));
            assertThat(unescaped(parts[2])).as(of).isEqualTo(first);
            assertThat(texts(JSON.readTree(parts[3]))).as(of).isEqualTo(collected);
            assertThat(JSON.readTree(parts[4]).properties()).as(of).allSatisfy(member -> {
                assertThat(custom).containsKey(member.getKey());
                assertThat(member.getValue().asString())
                        .isEqualTo(new String((byte[]) custom.get(member.getKey()), StandardCharsets.UTF_8));
            });
            assertThat(parts[5]).as(of).isEqualTo("7");
            if (keyTexts.size() > 1) {
                assertThat(unescaped(parts[6])).as(of).isEqualTo(keyTexts.get(1));
            }
        }
    }

    @Test
    void theRevisionHasASeparatorOfItsOwn() {
        SinkFormat format = new SinkFormat.Text("{key}", "iso", ZoneOffset.UTC);
        ResultEncoder encoder =
                Encoders.create(format, new RowShape(true, true, false, false), List.of("k"), List.of());
        byte[] row = encoder.encode(new WindowResult(0, 1, bytes("a 1"), new Object[0], 2, true));
        assertThat(new String(row, StandardCharsets.UTF_8)).isEqualTo("a\\u00201 2");
    }

    @Test
    void aTextThatIsNotUtf8BecomesIt() {
        ResultEncoder encoder =
                Encoders.create(new SinkFormat.Text("{text}", "iso", ZoneOffset.UTC), List.of("k"), List.of("text"));
        byte[] row = encoder.encode(new WindowResult(
                0, 1, bytes("k"), new Object[] {new byte[] {'a', (byte) 0xE2, (byte) 0x80}}));
        assertThat(new String(row, StandardCharsets.UTF_8)).isEqualTo("a\uFFFD");
    }

    @Test
    void textsStayAsTheyAreIfSoConfigured() {
        SinkFormat format = new SinkFormat.Text("{key} {b}\\{all}", "iso", ZoneOffset.UTC, false, Escape.NONE);
        ResultEncoder encoder = Encoders.create(format, List.of("a", "b"), List.of("all"));
        byte[] row = encoder.encode(
                new WindowResult(0, 1, bytes(composite(List.of("x y", "\n"))), new Object[] {List.of(bytes("p q"))}));
        assertThat(new String(row, StandardCharsets.UTF_8)).isEqualTo("[\"x y\",\"\\n\"] \n\\[\"p q\"]");
    }

    @Test
    void aBackslashSeparatesNothing() {
        assertThatThrownBy(() -> row("{key}\\{count}", List.of("k"), List.of("count"), "k", 1L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "sink.template '{key}\\{count}' has a backslash between its placeholders, by which texts are"
                                + " escaped; choose another separator, or set sink.escape=none if no text can hold one");
    }

    /** Each hour from 1 to 4 of the clock, and so the hour that is repeated, if the zone has one there. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, yyyy-MM-dd HH:mm, 2026-10-24T23:00:00Z,"
                + " 2026-10-25 01:00|2026-10-25 02:00+02:00|2026-10-25 02:00+01:00|2026-10-25 03:00",
        "Europe/London, HH:mm, 2026-10-24T23:00:00Z, 00:00|01:00+01:00|01:00+00:00|02:00",
        "Europe/Berlin, HH:mm z, 2026-10-24T23:00:00Z, 01:00 CEST|02:00 CEST|02:00 CET|03:00 CET",
        "Europe/Berlin, HH:mm xxx, 2026-10-24T23:00:00Z, 01:00 +02:00|02:00 +02:00|02:00 +01:00|03:00 +01:00",
        "Europe/Berlin, HH:mm, 2026-03-29T00:00:00Z, 01:00|03:00|04:00|05:00",
        "UTC, HH:mm, 2026-10-24T23:00:00Z, 23:00|00:00|01:00|02:00",
    })
    void aTimeThatClocksShowTwiceHasItsOffset(ZoneId zone, String pattern, Instant from, String expected) {
        ResultEncoder encoder = Encoders.create(
                new SinkFormat.Text("{start}", pattern, zone, true, Escape.SEPARATORS), List.of("k"), List.of());
        String hours = IntStream.range(0, 4)
                .mapToLong(hour -> from.toEpochMilli() + hour * 3_600_000)
                .mapToObj(start -> encoder.encode(new WindowResult(start, start + 1, bytes("k"), new Object[0])))
                .map(row -> new String(row, StandardCharsets.UTF_8))
                .collect(Collectors.joining("|"));
        assertThat(hours).isEqualTo(expected);
    }

    private static String row(
            String template, List<String> keyFields, List<String> aggregates, String key, @Nullable Object... values) {
        ResultEncoder encoder =
                Encoders.create(new SinkFormat.Text(template, "iso", ZoneOffset.UTC), keyFields, aggregates);
        return new String(encoder.encode(new WindowResult(0, 5000, bytes(key), values)), StandardCharsets.UTF_8);
    }

    private static String text(Random random) {
        return Stream.generate(() -> ALPHABET.get(random.nextInt(ALPHABET.size())))
                .limit(1 + random.nextInt(8))
                .collect(Collectors.joining());
    }

    private static String random(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String composite(List<String> texts) {
        ByteOutput out = new ByteOutput();
        for (String text : texts) {
            out.write(out.size() == 0 ? '[' : ',');
            JsonText.write(bytes(text), 0, bytes(text).length, out);
        }
        out.write(']');
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private static String unescaped(String part) {
        return JSON.readTree('"' + part.replace("\"", "\\\"") + '"').asString();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
