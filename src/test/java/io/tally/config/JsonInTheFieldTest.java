package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON as serializers and programs in other languages write it, from the configuration to the row. */
class JsonInTheFieldTest {
    private static final String CLOSE = "{\"t\":1772366400,\"k\":\"close\"}";

    private static String yaml(String source) {
        return """
                tally:
                  pipelines:
                    p:
                      source: {topic: in, format: json, fields: {t: /t, k: /k}%s}
                      timestamp: {field: t, format: epoch-seconds}
                      key: {fields: [k], verify: false}
                      shuffle: never
                      window: {size: 1m}
                      sink: {topic: out, template: "{key} {count}"}
                """.formatted(source);
    }

    private static byte[] document(String key) {
        return ("{\"t\":1772359200,\"k\":\"" + key + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** A zero and the number of a schema, of which some bytes are no UTF-8 or look like other characters. */
    private static byte[] registered(int schema, byte[] document) {
        byte[] value = new byte[document.length + 5];
        for (int i = 0; i < 4; i++) {
            value[i + 1] = (byte) (schema >>> (24 - 8 * i));
        }
        System.arraycopy(document, 0, value, 5, document.length);
        return value;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", invalid-utf8: replace",
                ", split: array",
                ", split: values, invalid-utf8: replace",
                ", skip: {prefixes: [x]}"
            })
    void theNumberOfASchemaIsPassedOver(String more) {
        List<byte[]> values = Stream.concat(
                        Stream.of(1, 10, 34, 123, 200, 100_000, 0xC3A9, 0x7FFFFFFF)
                                .map(schema -> registered(schema, document("a"))),
                        Stream.of(document("a"), CLOSE.getBytes(StandardCharsets.UTF_8)))
                .toList();
        Counted counted = Counted.of(yaml(more), values);
        assertThat(counted.rows).containsExactly("a 9");
        assertThat(counted.dead).isEmpty();
    }

    @Test
    void otherDocumentsOfARegistryAreNamed() {
        byte[] avro = registered(7, new byte[] {2, 'a', (byte) 0x80, 1});
        byte[] protobuf = registered(7, new byte[] {0, 10, 1, 'a'});
        assertThat(Counted.of(yaml(""), List.of(avro, protobuf)).dead)
                .hasSize(2)
                .extracting(Rejection::detail)
                .allSatisfy(
                        detail -> assertThat(detail).contains("number of a schema", "Avro and Protobuf are not read"));
        assertThat(Counted.of(yaml(""), List.of(new byte[] {0, 0, 0, 0, 7})).dead)
                .hasSize(1);
    }

    @Test
    void bytesThatAreNotUtf8HaveARemedyWhereTheRestIsJson() {
        byte[] latin1 = "{\"t\":1772359200,\"k\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] gzip = {0x1F, (byte) 0x8B, 8, 0};
        assertThat(Counted.of(yaml(""), List.of(latin1, gzip)).dead)
                .extracting(Rejection::detail)
                .containsExactly(
                        "value that is no JSON document: not UTF-8; source.invalid-utf8: replace reads it all the same",
                        "value that is no JSON document: not UTF-8");
    }

    /** As programs write that cut a text in the midst of an emoji. */
    @Test
    void halvesOfSurrogatePairsCanBeReplaced() {
        String[] values = {
            new String(document("a\\ud83d"), StandardCharsets.UTF_8),
            new String(document("\\ude00a\\ud83d\\ude00"), StandardCharsets.UTF_8),
            CLOSE
        };
        Counted refused = Counted.of(yaml(""), values);
        assertThat(refused.rows).isEmpty();
        assertThat(refused.dead)
                .hasSize(2)
                .extracting(Rejection::detail)
                .allSatisfy(detail -> assertThat(detail)
                        .contains("unpaired surrogate")
                        .endsWith("source.invalid-utf8: replace reads it as U+FFFD"));
        Counted replaced = Counted.of(yaml(", invalid-utf8: replace"), values);
        assertThat(replaced.rows).containsExactly("a\uFFFD 1", "\uFFFDa\uD83D\uDE00 1");
        assertThat(replaced.dead).isEmpty();
    }

    /** A text that tells a programmer which switch of a library to turn is no help. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\":NaN}",
                "{\"t\":-Infinity}",
                "{\"t\":+1}",
                "{\"t\":.5}",
                "{\"t\":5.}",
                "{\"t\":01}",
                "{t:1}",
                "{'t':1}",
                "{\"t\":1}//x",
                "{\"t\":1}#x",
                "{\"t\":1,}",
                "{\"t\":\"\t\"}",
                "{\"t\":\"\\x\"}",
                "\u001E{\"t\":1}"
            })
    void whatIsNoJsonIsExplainedToUsers(String value) {
        assertThat(Counted.of(yaml(""), value).dead)
                .singleElement()
                .extracting(Rejection::detail)
                .asString()
                .startsWith("value that is no JSON document: at byte ")
                .doesNotContainIgnoringCase("feature", "enable");
    }
}
