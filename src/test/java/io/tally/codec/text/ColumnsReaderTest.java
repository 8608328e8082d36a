package io.tally.codec.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldText;
import io.tally.codec.Fields;
import io.tally.codec.Fuzz;
import io.tally.codec.RejectedException;
import io.tally.codec.TestRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnsReaderTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @Test
    void splitsAsStringSplitDoes() {
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 100_000; round++) {
            char separator = " ,;\t|".charAt(random.nextInt(5));
            byte[] value = Fuzz.bytes(random, 40, "abcdefgh0123\"" + separator + separator + "\r\n");
            List<String> needed =
                    NAMES.stream().filter(name -> random.nextBoolean()).toList();

            Fields fields = read(new ColumnsFormat(NAMES, separator, Quote.ORDINARY), needed, value);

            String line =
                    new String(value, 0, ByteScan.withoutLineEnds(ByteRange.of(value)), StandardCharsets.ISO_8859_1);
            String[] columns = line.split(Pattern.quote(String.valueOf(separator)), -1);
            for (int slot = 0; slot < needed.size(); slot++) {
                int column = NAMES.indexOf(needed.get(slot));
                String expected = column < columns.length ? columns[column] : null;
                assertThat(FieldText.of(fields, slot)).as(line).isEqualTo(expected);
            }
        }
    }

    @Test
    void looksNoFurtherThanTheLastNeededColumn() {
        ColumnsFormat columns = new ColumnsFormat(NAMES, ' ');
        assertThat(FieldText.of(read(columns, List.of("b"), "1 2 3".getBytes(StandardCharsets.US_ASCII)), 0))
                .isEqualTo("2");
        assertThat(FieldText.of(read(columns, List.of("d"), "1 2 3 4 5 6".getBytes(StandardCharsets.US_ASCII)), 0))
                .isEqualTo("4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,\"x, y\",z", "1,x\",z", "\"1\",x,z", "1,\",z", "1,\"\",z", "1,2,\"3"})
    void aQuoteAtTheBorderOfAColumnIsRefusedUnlessItIsACharacter(String line) {
        byte[] value = line.getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> read(new ColumnsFormat(NAMES, ','), List.of("c"), value))
                .isInstanceOf(RejectedException.class)
                .hasMessageStartingWith("a column has a quote at its border: ")
                .hasMessageContaining("source.quote");
        assertThat(FieldText.of(read(new ColumnsFormat(NAMES, ',', Quote.ORDINARY), List.of("c"), value), 0))
                .isEqualTo(line.split(",")[2]);
    }

    @Test
    void quotesElsewhereHarmNothing() {
        byte[] value = "5\"5,x\"y\"z,ok,\"what follows, is not looked at".getBytes(StandardCharsets.US_ASCII);
        Fields fields = read(new ColumnsFormat(NAMES, ','), List.of("a", "b", "c"), value);
        assertThat(FieldText.of(fields, 0)).isEqualTo("5\"5");
        assertThat(FieldText.of(fields, 1)).isEqualTo("x\"y\"z");
        assertThat(FieldText.of(fields, 2)).isEqualTo("ok");
    }

    private static Fields read(ColumnsFormat columns, List<String> needed, byte[] value) {
        FieldNames names = new FieldNames(columns);
        needed.forEach(name -> names.slot(name, "the test"));
        Fields fields = new Fields(names.names());
        new ColumnsReader(columns, names, false).read(TestRecord.amidst(value), fields);
        return fields;
    }
}
