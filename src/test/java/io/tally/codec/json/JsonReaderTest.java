package io.tally.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.FieldNames;
import io.tally.codec.Fields;
import io.tally.codec.Fuzz;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.TestRecord;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonReaderTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"x\"} | x",
                "{\"a\":\"\"} | ``",
                "{\"b\":{\"a\":1},\"a\":2} | 2",
                "{\"a\":1.50} | 1.50",
                "{\"a\":-0} | -0",
                "{\"a\":1E400} | 1E400",
                "{\"a\":12345678901234567890123456789} | 12345678901234567890123456789",
                "{\"a\":true} | true",
                "{\"a\":false} | false",
                " { \"b\" : [ { } , \"a\" ] , \"a\" : \"y\" } | y",
                "{\"\\u0061\":\"x\"} | x",
                "{\"b\":1,\"b\":2,\"a\":3} | 3"
            })
    void findsAMember(String document, String expected) {
        Fields fields = read(Map.of("f", "/a"), document);
        assertThat(text(fields, 0)).isEqualTo(expected);
    }

    @Test
    void unescapesTexts() {
        String escaped = "\\u00e4\\n\\\"\\/\\ud83d\\ude00\\u0000ö\\u20ac";
        assertThat(text(read(Map.of("f", "/a"), "{\"a\":\"" + escaped + "\"}"), 0))
                .isEqualTo("ä\n\"/\uD83D\uDE00\0ö€");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "1", "\"a\"", "null", "{\"a\":null}", "{\"b\":{\"a\":1}}"})
    void aMemberMayBeMissing(String document) {
        assertThat(read(Map.of("f", "/a"), document).exists(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":NaN}",
                "{\"a\":1/*c*/}",
                "{\"a\":1}//c",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"x}",
                "{\"b\":\"\t\",\"a\":1}",
                "{\"a\":1,\"b\":tru}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":{},\"a\":1}",
                "{\"a\":null,\"a\":1}",
                "{\"a\":1,\"\\u0061\":1}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"a\":\"\\ud800x\"}",
                "\u0000{\"a\":1}",
                "garbage"
            })
    void whatIsNoDocumentIsMalformed(String document) {
        assertMalformed(document.getBytes(StandardCharsets.UTF_8));
    }

    /** Counting one of them, or none, would be silently wrong. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | a JSON array with 0 elements | array",
                "[{\"a\":1}] | a JSON array with 1 element, | array",
                " [{\"a\":[1,2]},2,\"x\"] | a JSON array with 3 elements | array",
                "{\"a\":1}{\"a\":2} | more than one JSON document | values",
                "{\"a\":1} {\"a\":2} | more than one JSON document | lines"
            })
    void severalEventsAreRefused(String value, String found, String option) {
        assertThatThrownBy(() -> read(Map.of("f", "/a"), value))
                .hasMessageContaining(found)
                .hasMessageContaining("source.split: " + option)
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> assertThat(e.rejection().reason()).isEqualTo(Reason.SEVERAL_EVENTS));
    }

    @Test
    void anArrayIsAnEventIfPointersLeadIntoItOrItIsSaidToBe() {
        assertThat(text(read(Map.of("f", "/0"), "[7,8]"), 0)).isEqualTo("7");
        assertThat(read(new JsonFormat(Map.of("f", "/a"), true, false), "[7,8]").exists(0))
                .isFalse();
    }

    @Test
    void onlyUtf8IsJson() {
        assertMalformed("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE));
        assertMalformed("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE));
        assertMalformed("{\"a\":1}".getBytes(StandardCharsets.UTF_16));
        assertMalformed("{\"a\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertMalformed(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'});
        assertMalformed(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'});
    }

    @Test
    void sizesAreBounded() {
        String deep = "[".repeat(JsonReader.MAX_DEPTH) + "]".repeat(JsonReader.MAX_DEPTH);
        assertThat(read(Map.of("f", "/0/a"), deep).exists(0)).isFalse();
        assertMalformed(("[" + deep + "]").getBytes(StandardCharsets.UTF_8));
        assertMalformed("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        assertMalformed("{\"a\":".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        assertMalformed(("{\"" + "x".repeat(100_000) + "\":1}").getBytes(StandardCharsets.UTF_8));
        assertMalformed(("{\"a\":" + "1".repeat(2000) + "}").getBytes(StandardCharsets.UTF_8));

        String large = "x".repeat(1_000_000);
        assertThat(text(read(Map.of("f", "/a"), "{\"a\":\"" + large + "\"}"), 0))
                .isEqualTo(large);
    }

    @Test
    void walksObjectsAndArraysByPointer() {
        Map<String, String> pointers = new LinkedHashMap<>();
        pointers.put("whole", "");
        pointers.put("name", "/a/b~1c/1/d");
        pointers.put("again", "/a/b~1c/1/d");
        pointers.put("array", "/a/b~1c");
        pointers.put("first", "/a/b~1c/0");
        pointers.put("third", "/a/b~1c/2");
        pointers.put("empty", "/");
        Fields fields = read(pointers, "{\"a\":{\"b/c\":[7,{\"x\":[],\"d\":\"deep\"}]},\"\":\"e\",\"z\":{\"a\":0}}");
        assertThat(text(fields, 1)).isEqualTo("deep");
        assertThat(text(fields, 2)).isEqualTo("deep");
        assertThat(text(fields, 4)).isEqualTo("7");
        assertThat(fields.exists(5)).isFalse();
        assertThat(text(fields, 6)).isEqualTo("e");
        for (int structure : new int[] {0, 3}) {
            assertThat(fields.exists(structure)).isTrue();
            assertThatThrownBy(() -> fields.length(structure))
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining("is a JSON object or array");
        }
        assertThat(text(read(Map.of("whole", ""), " \"scalar\" "), 0)).isEqualTo("scalar");
    }

    @Test
    void agreesWithATreeOnRandomDocuments() {
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 8_000; round++) {
            String document = MAPPER.writeValueAsString(value(random, 4));
            Map<String, String> pointers = new LinkedHashMap<>();
            for (int i = 0; i < 5; i++) {
                pointers.put("f" + i, pointer(random));
            }
            Fields fields = read(new JsonFormat(pointers, true, false), document);
            JsonNode tree = MAPPER.readTree(document);
            int slot = 0;
            for (String pointer : pointers.values()) {
                JsonNode node = tree.at(pointer);
                assertThat(fields.exists(slot))
                        .as("%s in %s", pointer, document)
                        .isEqualTo(!node.isMissingNode() && !node.isNull());
                if (node.isString()) {
                    assertThat(text(fields, slot)).isEqualTo(node.stringValue());
                } else if (node.isNumber()) {
                    assertThat(new BigDecimal(text(fields, slot))).isEqualByComparingTo(node.decimalValue());
                } else if (node.isBoolean()) {
                    assertThat(text(fields, slot)).isEqualTo(String.valueOf(node.booleanValue()));
                }
                slot++;
            }
            checkDamaged(random, document, pointers);
        }
    }

    /** Whatever is no tree is malformed; the reader is stricter in a few points. */
    private static void checkDamaged(Random random, String document, Map<String, String> pointers) {
        byte[] damaged = Fuzz.mutate(random, document.getBytes(StandardCharsets.UTF_8));
        boolean tree = isTree(damaged);
        try {
            read(new JsonFormat(pointers, true, false), damaged);
            assertThat(tree).as(new String(damaged, StandardCharsets.UTF_8)).isTrue();
        } catch (RejectedException e) {
            assertThat(e.rejection().reason()).isIn(Reason.MALFORMED, Reason.SEVERAL_EVENTS);
            if (tree) {
                // Because of a zero byte, the tree's reader guesses UTF-16.
                assertThat(e.getMessage()).containsAnyOf("twice", "UTF-8", "surrogate", "white space", "code 0)");
            }
        }
    }

    private static boolean isTree(byte[] document) {
        try {
            MAPPER.readTree(document);
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextInt() / 1024.0;
            case 4 -> List.of("", "a", "ä\n\"\\", "\uD83D\uDE00", "0").get(random.nextInt(5));
            case 5 -> array(random, depth - 1);
            default -> object(random, depth - 1);
        };
    }

    private static List<@Nullable Object> array(Random random, int depth) {
        List<@Nullable Object> array = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(value(random, depth));
        }
        return array;
    }

    private static Map<String, @Nullable Object> object(Random random, int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.put(name(random), value(random, depth));
        }
        return object;
    }

    private static String pointer(Random random) {
        StringBuilder pointer = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            pointer.append('/').append(name(random).replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    private static String name(Random random) {
        return List.of("a", "b", "0", "1", "", "ä", "x/y", "m~n").get(random.nextInt(8));
    }

    @Test
    void positionsCountFromTheStartOfTheDocument() {
        assertThatThrownBy(() -> read(Map.of("f", "/a"), "{\"a\":1, x}"))
                .hasMessageStartingWith("value that is no JSON document: at byte 8: ");
    }

    private static void assertMalformed(byte[] document) {
        assertThatThrownBy(() -> read(Map.of("f", "/a"), document))
                .as(new String(document, 0, Math.min(100, document.length), StandardCharsets.UTF_8))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> assertThat(e.rejection().reason()).isEqualTo(Reason.MALFORMED))
                .hasMessageStartingWith("value that is no JSON document: ");
    }

    private static Fields read(Map<String, String> pointers, String document) {
        return read(pointers, document.getBytes(StandardCharsets.UTF_8));
    }

    private static Fields read(Map<String, String> pointers, byte[] document) {
        return read(new JsonFormat(pointers), document);
    }

    private static Fields read(JsonFormat json, String document) {
        return read(json, document.getBytes(StandardCharsets.UTF_8));
    }

    private static Fields read(JsonFormat json, byte[] document) {
        FieldNames names = new FieldNames(json);
        json.fieldNames().forEach(name -> names.slot(name, "the test"));
        Fields fields = new Fields(names.names());
        JsonReader reader = new JsonReader(json, names);
        reader.read(TestRecord.amidst(document), fields);
        return fields;
    }

    private static String text(Fields fields, int slot) {
        return new String(fields.buffer(), fields.start(slot), fields.length(slot), StandardCharsets.UTF_8);
    }
}
