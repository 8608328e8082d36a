package io.tally.codec.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldText;
import io.tally.codec.Fields;
import io.tally.codec.Fuzz;
import io.tally.codec.RejectedException;
import io.tally.codec.TestRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns by RFC 4180. */
class QuotedColumnsReaderTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    /** Whatever the texts are: written as the RFC says, they are read as they were. */
    @Test
    void readsWhatIsWrittenByTheRules() {
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 50_000; round++) {
            char separator = ",;\t| ".charAt(random.nextInt(5));
            List<String> texts = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                byte[] text = Fuzz.bytes(random, 12, "abc\"" + separator + "\r\n");
                texts.add(new String(text, StandardCharsets.ISO_8859_1));
            }
            String line = texts.stream()
                    .map(text -> written(text, separator, random))
                    .collect(Collectors.joining(String.valueOf(separator)));
            List<String> needed =
                    NAMES.stream().filter(name -> random.nextBoolean()).toList();

            ColumnsFormat columns = new ColumnsFormat(NAMES, separator, Quote.of("\""));
            byte[] value = (line + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            Fields fields = read(columns, needed, value);

            for (int slot = 0; slot < needed.size(); slot++) {
                int column = NAMES.indexOf(needed.get(slot));
                String expected = column < texts.size() ? texts.get(column) : null;
                assertThat(FieldText.of(fields, slot)).as(line).isEqualTo(expected);
            }
            // The line feeds in it are no line ends.
            assertThat(columns.lineEnds().next(value, 0, value.length)).as(line).isEqualTo(value.length - 1);
        }
    }

    private static String written(String text, char separator, Random random) {
        boolean plain = text.chars().noneMatch(c -> c == separator || c == '"' || c == '\r' || c == '\n');
        return plain && random.nextInt(3) > 0 ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,\"x,2", "1,x\"y,2", "1, \"x\",2", "1,\"x\"y,2", "1,\"x\" ,2", "\",,", "\"\"\""})
    void whatTheRulesDoNotAllowIsRefused(String line) {
        assertThatThrownBy(() -> read(
                        new ColumnsFormat(NAMES, ',', Quote.of("\"")),
                        List.of("c"),
                        line.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("RFC 4180");
    }

    private static Fields read(ColumnsFormat columns, List<String> needed, byte[] value) {
        FieldNames names = new FieldNames(columns);
        needed.forEach(name -> names.slot(name, "the test"));
        Fields fields = new Fields(names.names());
        columns.newReader(names).read(TestRecord.amidst(value), fields);
        return fields;
    }
}
