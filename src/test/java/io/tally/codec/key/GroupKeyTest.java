package io.tally.codec.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Fuzz;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceFormat;
import io.tally.codec.TestRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.decode.Decoding;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.text.ColumnsFormat;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
                .startsWith("the record has no value; ");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"\"u1\";u1", " \"u1\" ;u1", "\"\\u0075\\u0031\";u1", "17;17", "true;true", "\"\\ud83d\\ude00\";😀"
            })
    void aRecordKeyMayBeAJsonText(String recordKey, String key) {
        Decoding verified = json(true, "a");
        assertThat(Decoding.key(verified.accept(TestRecord.of(recordKey, key + "|x"))))
                .isEqualTo(key);
        assertThat(Decoding.key(json(true).accept(TestRecord.of(recordKey, "x"))))
                .isEqualTo(key);
    }

    @Test
    void aRecordKeyThatIsAJsonArrayIsAKeyOfSeveralFields() {
        assertThat(Decoding.key(json(true, "a", "b").accept(TestRecord.of("[ \"x\", 7 ]", "x|7"))))
                .isEqualTo("[\"x\",\"7\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u1", "\"u1", "{\"id\":\"u1\"}", "[[1]]", "\"u1\" 2", "\"\\ud83d\"", "[null]", "\"a\"b\""})
    void anotherRecordKeyThanAJsonTextIsRefused(String recordKey) {
        assertThat(json(true, "a").reject(Reason.BAD_KEY, TestRecord.of(recordKey, "u1|x")))
                .contains("key.record-key is json");
    }

    @Test
    void theNumberOfASchemaIsNoPartOfTheKey() {
        json(true, "a").accept(TestRecord.of("\0\0\0\0\7\"u1\"", "u1|x"));
        assertThat(recordTime()
                        .key(true, 20, "a")
                        .reject(Reason.KEY_MISMATCH, TestRecord.of("\0\0\0\0\7\"u1\"", "u1|x")))
                .endsWith("as a JSON text: set key.record-key=json");
    }

    @Test
    void theNullOfJsonIsNoKey() {
        json(true, "a").reject(Reason.NULL_KEY, TestRecord.of("null", "u1|x"));
        json(true).reject(Reason.NULL_KEY, TestRecord.of("null", "x"));
    }

    /** The message tells what is the matter if the quotes are all that differs. */
    @Test
    void quotesThatWereNotExpectedAreNamed() {
        assertThat(recordTime().key(true, 20, "a").reject(Reason.KEY_MISMATCH, TestRecord.of("\"u1\"", "u1|x")))
                .isEqualTo("record key '\"u1\"' is the group key 'u1' as a JSON text: set key.record-key=json");
        assertThat(recordTime().key(true, 20, "a").reject(Reason.KEY_MISMATCH, TestRecord.of("\"u2\"", "u1|x")))
                .contains("is not the group key 'u1'");
    }

    @Test
    void aRecordInAnotherPartitionThanItsKeysIsRefused() {
        Decoding murmur2 =
                recordTime().key(new KeySpec(List.of("a"), true, 20, RecordKeyForm.TEXT, Partitioner.MURMUR2));
        TestRecord record = TestRecord.of("192.0.2.2", "192.0.2.2|x");
        byte[] key = "192.0.2.2".getBytes(StandardCharsets.UTF_8);
        int right = Partitioner.MURMUR2.partition(key, 0, key.length, 4);
        int other = Partitioner.CRC32.partition(key, 0, key.length, 4);
        assertThat(right).isNotEqualTo(other);
        murmur2.accept(record.in(right, 4));
        murmur2.accept(record.in(0, 1));
        assertThat(murmur2.reject(Reason.WRONG_PARTITION, record.in(other, 4)))
                .isEqualTo("record key '192.0.2.2' is in partition " + other
                        + ", and by murmur2 (key.partitioner) belongs into " + right
                        + "; it is where crc32, the default of librdkafka's clients, puts it: use a shuffle");
        recordTime()
                .key(new KeySpec(List.of("a"), true, 20, RecordKeyForm.TEXT, Partitioner.CRC32))
                .accept(record.in(other, 4));
    }

    private static Decoding json(boolean verify, String... fields) {
        return recordTime().key(new KeySpec(List.of(fields), verify, 40, RecordKeyForm.JSON, null));
    }

    private static Decoding recordTime() {
        return new Decoding().source(PAIRS).timestamp(Decoding.timestamp(null, ""));
    }
}
