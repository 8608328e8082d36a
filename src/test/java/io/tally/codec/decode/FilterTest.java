package io.tally.codec.decode;

import static io.tally.codec.decode.FilterSpec.Operator.CONTAINS;
import static io.tally.codec.decode.FilterSpec.Operator.EQ;
import static io.tally.codec.decode.FilterSpec.Operator.EXISTS;
import static io.tally.codec.decode.FilterSpec.Operator.MATCHES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.Fuzz;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceFormat;
import io.tally.codec.TestRecord;
import io.tally.codec.decode.FilterSpec.Condition;
import io.tally.codec.decode.FilterSpec.Operator;
import io.tally.codec.decode.RecordDecoder.Verdict;
import io.tally.codec.text.ColumnsFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {
    private static final SourceFormat COLUMNS = new ColumnsFormat(List.of("f", "g"), '|');

    @ParameterizedTest
    @CsvSource({
        "EQ, x, x, true",
        "EQ, x, X, false",
        "EQ, '', '', true",
        "EQ, 200, 200, true",
        "EQ, 200, 200.0, false",
        "EQ, 200, 2e2, false",
        "EQ, 200, 0200, false",
        "EQ, 200, 201, false",
        "EQ, 200, x, false",
        "EQ, 3.10, 3.1, false",
        "EQ, 200x, 200x, true",
        "NE, x, y, true",
        "NE, x, x, false",
        "NE, 200, 200.0, true",
        "NE, 200, -, true",
        "IN, a;1;c, 1.0, false",
        "IN, a;1;c, 1, true",
        "IN, a;1;c, c, true",
        "IN, a;1;c, d, false",
        "NOT_IN, a;1;c, 1.0, true",
        "NOT_IN, a;1;c, d, true",
        "LT, 10, 9, true",
        "LT, 10, 10, false",
        "LT, 10, -, false",
        "LTE, 10, 10.0, true",
        "LTE, 10, 10.1, false",
        "LTE, 10, -, false",
        "GT, 10, 9, false",
        "GT, 10, 10.000001, true",
        "GT, 10, -, false",
        "GTE, 10, 10, true",
        "GTE, 10, 9.99, false",
        "GTE, 10, x, false",
        "PREFIX, /api/, /api/x, true",
        "PREFIX, /api/, /api, false",
        "PREFIX, '', x, true",
        "CONTAINS, bot, robots, true",
        "CONTAINS, bot, bobot, true",
        "CONTAINS, bot, bo, false",
        "CONTAINS, '', '', true",
        "MATCHES, '[a-c]+', abc, true",
        "MATCHES, '[a-c]+', abcd, false",
        "EXISTS, '', x, true",
        "EXISTS, '', '', true",
        "EXISTS, true, x, true",
        "EXISTS, false, x, false"
    })
    void compares(Operator operator, String values, String field, boolean holds) {
        List<String> literals = operator == EXISTS && values.isEmpty() ? List.of() : List.of(values.split(";", -1));
        Decoding decoding = decoding(new Condition("f", operator, literals));
        assertThat(decoding.decode(TestRecord.of("k", field + "|")))
                .isEqualTo(holds ? Verdict.ACCEPTED : Verdict.FILTERED);
    }

    @ParameterizedTest
    @CsvSource({
        "EQ, 200, 200.0, NUMBER, true",
        "EQ, 200, 2e2, NUMBER, true",
        "EQ, 200, 0200, NUMBER, true",
        "EQ, 200, x, NUMBER, false",
        "EQ, 99999999999999999999, 99999999999999999999.0, NUMBER, true",
        "NE, 200, 200.0, NUMBER, false",
        "NE, 200, -, NUMBER, true",
        "IN, 3;1, 1.0, NUMBER, true",
        "NOT_IN, 3;1, 1.0, NUMBER, false",
        "LT, b, a, TEXT, true",
        "LT, b, B, TEXT, true",
        "LT, b, ba, TEXT, false",
        "LT, 9, 10, TEXT, true",
        "GT, z, ä, TEXT, true",
        "GTE, b, b, TEXT, true"
    })
    void comparesAsIsSaid(
            Operator operator, String values, String field, FilterSpec.Comparison comparison, boolean holds) {
        Decoding decoding = decoding(new Condition("f", operator, List.of(values.split(";", -1)), comparison));
        assertThat(decoding.decode(TestRecord.of("k", field + "|")))
                .isEqualTo(holds ? Verdict.ACCEPTED : Verdict.FILTERED);
    }

    @Test
    void aMissingFieldIsADeadLetterUnlessAskedFor() {
        for (Operator operator : Operator.values()) {
            if (operator != EXISTS) {
                assertThat(decoding(new Condition("g", operator, List.of("1")))
                                .reject(Reason.MISSING_FIELD, TestRecord.of("k", "x")))
                        .isEqualTo("the record has no field 'g'");
            }
        }
        assertThat(decoding(new Condition("g", EXISTS, List.of())).decode(TestRecord.of("k", "x")))
                .isEqualTo(Verdict.FILTERED);
        assertThat(decoding(new Condition("g", EXISTS, List.of("false"))).decode(TestRecord.of("k", "x")))
                .isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void allConditionsMustHoldAndTheFirstThatDoesNotEndsIt() {
        Decoding decoding = decoding(new Condition("g", EXISTS, List.of()), new Condition("g", EQ, List.of("1")));
        assertThat(decoding.decode(TestRecord.of("k", "x"))).isEqualTo(Verdict.FILTERED);
        assertThat(decoding.decode(TestRecord.of("k", "x|2"))).isEqualTo(Verdict.FILTERED);
        assertThat(decoding.decode(TestRecord.of("k", "x|1"))).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void aFilteredRecordHasATimeAndNeedsNoKey() {
        Decoding decoding = new Decoding().filter(new Condition("bytes", EXISTS, List.of()));
        assertThat(decoding.decode(TestRecord.of(null, "2026-01-01_00:00:07 10.0.0.1")))
                .isEqualTo(Verdict.FILTERED);
        assertThat(decoding.event().time()).isEqualTo(TestRecord.NEW_YEAR + 7000);
        assertThat(decoding.decoder().rejection()).isNull();
        decoding.reject(Reason.BAD_TIMESTAMP, TestRecord.of(null, "x"));
    }

    @Test
    void aHostileTextIsMalformed() {
        Decoding decoding = decoding(new Condition("f", MATCHES, List.of("a*a*a*a*a*a*b")));
        decoding.reject(Reason.MALFORMED, TestRecord.of("k", "a".repeat(100)));
    }

    @Test
    void containsFindsWhatStringContainsFinds() {
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 20_000; round++) {
            String literal = random(random, 4);
            String field = random(random, 24);
            assertThat(decoding(new Condition("f", CONTAINS, List.of(literal))).decode(TestRecord.of("k", field + "|")))
                    .as("%s in %s", literal, field)
                    .isEqualTo(field.contains(literal) ? Verdict.ACCEPTED : Verdict.FILTERED);
        }
    }

    @Test
    void refusesConditionsThatMakeNoSense() {
        assertThatThrownBy(() -> new Condition("f", EQ, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operator eq on field 'f' takes one value, not []; for example {field: status, op: eq,"
                        + " value: 200}");
        assertThatThrownBy(() -> new Condition("f", EXISTS, List.of("maybe")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("true (the default) or false, not 'maybe'");
        assertThatThrownBy(() -> new Condition("f", MATCHES, List.of("(")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the filter on field 'f' is not a regular expression");
        assertThatThrownBy(() -> decoding(new Condition("h", EXISTS, List.of())).decoder())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("filter[0].field names the field 'h', which the source does not declare; its fields are"
                        + " [f, g]");
    }

    private static String random(Random random, int maxLength) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxLength + 1); i > 0; i--) {
            text.append("aab".charAt(random.nextInt(3)));
        }
        return text.toString();
    }

    private static Decoding decoding(Condition... conditions) {
        return new Decoding()
                .source(COLUMNS)
                .timestamp(Decoding.timestamp(null, ""))
                .key(false, 10)
                .filter(conditions);
    }
}
