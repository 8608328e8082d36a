package io.tally.codec.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldText;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.TestRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatternReaderTest {
    private static final String COMMON =
            "(?<ip>\\S+) \\S+ \\S+ \\[(?<time>[^\\]]+)\\] \"(?<method>[A-Z]+) [^\"]*\" (?<status>\\d{3}) (?<bytes>\\d+)?";

    @Test
    void findsGroupsAtTheirBytes() {
        Fields fields = read(
                COMMON,
                List.of("time", "ip", "status", "bytes"),
                "10.0.0.1 - ü [31/Jan/2026:23:59:59 +0100] \"GET /ä HTTP/1.1\" 200 17 rest\r\n");
        assertThat(FieldText.of(fields, 0)).isEqualTo("31/Jan/2026:23:59:59 +0100");
        assertThat(FieldText.of(fields, 1)).isEqualTo("10.0.0.1");
        assertThat(FieldText.of(fields, 2)).isEqualTo("200");
        assertThat(FieldText.of(fields, 3)).isEqualTo("17");
    }

    @Test
    void aGroupThatTookNoPartIsMissing() {
        Fields fields =
                read(COMMON, List.of("bytes"), "10.0.0.1 - - [31/Jan/2026:23:59:59 +0100] \"GET / HTTP/1.1\" 200 -");
        assertThat(FieldText.of(fields, 0)).isNull();
    }

    @Test
    void mustMatchFromTheStart() {
        assertThatThrownBy(() -> read("(?<a>b)", List.of("a"), "ab\n"))
                .isInstanceOf(RejectedException.class)
                .hasMessage("line that the pattern does not match: 'ab'");
    }

    @Test
    void everyByteIsACharacterThatADotMatches() {
        // 0x85 would be a line end for the JDK, unless told otherwise.
        String text = new String(new byte[] {(byte) 0xC3, (byte) 0x85}, StandardCharsets.UTF_8);
        assertThat(FieldText.of(read("(?<a>.+)", List.of("a"), text), 0)).hasSize(2);
    }

    private static Fields read(String regex, List<String> needed, String line) {
        PatternFormat pattern = new PatternFormat(regex);
        FieldNames names = new FieldNames(pattern);
        needed.forEach(name -> names.slot(name, "the test"));
        Fields fields = new Fields(names.names());
        new PatternReader(pattern, names).read(TestRecord.amidst(line.getBytes(StandardCharsets.UTF_8)), fields);
        return fields;
    }
}
