package io.tally.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.text.ColumnsFormat;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class GroupKeyTest {
    private static final SourceFormat PAIRS = new ColumnsFormat(List.of("a", "b"), '|');

    @Test
    void theRecordKeyNeedsNoField() {
        Decoding decoding = recordTime().key(true, 4);
        assertThat(Decoding.key(decoding.accept(TestRecord.of("käy", "x")))).isEqualTo("käy");
        assertThat(decoding.reject(Reason.NULL_KEY, TestRecord.of(null, "x"))).contains("declare key.fields");
        decoding.reject(Reason.BAD_KEY, TestRecord.of("", "x"));
        assertThat(decoding.reject(Reason.BAD_KEY, TestRecord.of("12345", "x")))
                .isEqualTo("the group key has 5 bytes, more than key.max-bytes 4: '12345'");
        assertThat(decoding.reject(Reason.BAD_KEY, TestRecord.of(new byte[] {'a', -1}, new byte[1])))
                .isEqualTo("the group key is not UTF-8: 'a\\xff'");
    }

    @Test
    void anEmptyValueIsNeverCounted() {
        Decoding decoding = recordTime().key(true, 4);
        assertThat(decoding.reject(Reason.EMPTY_VALUE, TestRecord.of("k", null)))
                .isEqualTo("the record has no value");
        assertThat(decoding.reject(Reason.EMPTY_VALUE, TestRecord.of("k", "")))
                .isEqualTo("the record's value is empty");
    }

    @Test
    void oneFieldIsTakenAsItIs() {
        Decoding decoding = recordTime().key(false, 8, "b");
        assertThat(Decoding.key(decoding.accept(TestRecord.of(null, "a|b \"ü"))))
                .isEqualTo("b \"ü");
        decoding.reject(Reason.BAD_KEY, TestRecord.of(null, "a|"));
        decoding.reject(Reason.BAD_KEY, TestRecord.of(null, "a|123456789"));
        decoding.reject(Reason.MISSING_FIELD, TestRecord.of(null, "a"));
    }

    @Test
    void severalFieldsAreAJsonArray() {
        Decoding decoding = recordTime().key(true, 20, "b", "a");
        assertThat(Decoding.key(decoding.accept(TestRecord.of("[\"y\",\"x\"]", "x|y"))))
                .isEqualTo("[\"y\",\"x\"]");
        assertThat(Decoding.key(decoding.accept(TestRecord.of("[\"\",\"\"]", "|"))))
                .isEqualTo("[\"\",\"\"]");
        decoding.reject(Reason.KEY_MISMATCH, TestRecord.of("[\"x\",\"y\"]", "x|y"));
        decoding.reject(Reason.NULL_KEY, TestRecord.of(null, "x|y"));
        decoding.reject(Reason.MISSING_FIELD, TestRecord.of("k", "x"));
        assertThat(decoding.reject(Reason.BAD_KEY, TestRecord.of("k", "x".repeat(21) + "|y")))
                .isEqualTo("key field 'a' has 21 bytes, more than key.max-bytes 20");
        decoding.reject(Reason.BAD_KEY, TestRecord.of("k", "\u0001\u0001\u0001|y"));
        assertThat(decoding.reject(Reason.BAD_KEY, TestRecord.of(null, new byte[] {'x', '|', (byte) 0xC3})))
                .contains("not UTF-8");
    }

    @Test
    void compositeKeysAreValidJsonAndNeverCollide() {
        Random random = Fuzz.random(getClass());
        JsonMapper mapper = new JsonMapper();
        Map<String, List<String>> seen = new HashMap<>();
        Decoding decoding = recordTime().key(false, 1000, "a", "b");
        for (int round = 0; round < 20_000; round++) {
            byte[] value = Fuzz.bytes(random, 8, "\",\\[]|xn\n\u0001\u007F");
            String text = new String(value, StandardCharsets.UTF_8);
            if (decoding.decode(TestRecord.of(null, value)) != RecordDecoder.Verdict.ACCEPTED) {
                continue;
            }
            String key = Decoding.key(decoding.event());
            String line = new String(value, 0, ByteScan.withoutLineEnds(ByteRange.of(value)), StandardCharsets.UTF_8);
            List<String> columns = List.of(line.split("\\|", -1)).subList(0, 2);
            assertThat(mapper.readValue(key, String[].class)).as(text).containsExactlyElementsOf(columns);
            assertThat(seen.merge(key, columns, (old, now) -> now.equals(old) ? now : List.of()))
                    .isNotEmpty();
        }
        assertThat(seen).hasSizeGreaterThan(1000);
    }

    private static Decoding recordTime() {
        return new Decoding().source(PAIRS).timestamp(Decoding.timestamp(null, ""));
    }
}
