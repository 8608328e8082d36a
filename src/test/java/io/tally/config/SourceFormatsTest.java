package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.Ledger;
import io.tally.codec.Rejection;
import io.tally.codec.Rejection.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Texts as topics in the field hold them, from the configuration to the row. */
@ExtendWith(OutputCaptureExtension.class)
class SourceFormatsTest {
    private static String yaml(String source, String timestamp, String key, String more) {
        return """
                tally:
                  pipelines:
                    p:
                      source: {topic: in, %s}
                      timestamp: {%s}
                      key: {fields: [%s], verify: false}
                      shuffle: never
                      window: {size: 1m}
                      sink: {topic: out, format: text, escape: none, template: "%s"}
                """.formatted(source, timestamp, key, more);
    }

    @Test
    void byteOrderMarkAndCarriageReturnsMeanNothing() {
        String yaml = yaml("columns: [time, ip]", "field: time", "ip", "{key} {count}");
        Counted counted = Counted.of(
                yaml, "\uFEFF2026-03-01T10:00:00Z a\r", "2026-03-01T10:00:01Z a\r\n", "2026-03-01T10:02:00Z close\r");
        assertThat(counted.rows).containsExactly("a 2");
        assertThat(counted.dead).isEmpty();
    }

    private static final String[] QUOTED = {
        "2026-03-01T10:00:00Z,Ann,s1,10",
        "2026-03-01T10:00:01Z,\"Roe, Jane\",s1,20",
        "2026-03-01T10:00:02Z,\"Quo \"\"Q\"\" Te\",s2,30",
        "2026-03-01T10:00:03Z,\"s2, ltd\",s2,40",
        "2026-03-01T10:00:04Z,\"plain\",\"s1\",\"50\"",
        "2026-03-01T12:00:00Z,x,~close,0"
    };

    @Test
    void quotedColumnsAreReadIfThatIsSaidAndRefusedOtherwise() {
        String columns = "columns: [time, customer, store, amount]";
        for (String source : List.of("format: csv, " + columns, "separator: ',', quote: '\"', " + columns)) {
            Counted counted = Counted.of(yaml(source, "field: time", "store", "{key} {count}"), QUOTED);
            assertThat(counted.rows).containsExactly("s1 3", "s2 2");
            assertThat(counted.dead).isEmpty();
        }
        Counted refused =
                Counted.of(yaml("separator: ',', " + columns, "field: time", "store", "{key} {count}"), QUOTED);
        assertThat(refused.rows).containsExactly("s1 1");
        assertThat(refused.dead)
                .hasSize(4)
                .allSatisfy(dead -> assertThat(dead.detail()).contains("source.quote"));
    }

    @Test
    void accessLogsAreReadByTheNameOfTheirFormat() {
        String common = "192.0.2.1 - - [01/Mar/2026:10:00:01 +0000] \"GET /a?b=\\\"c\\\" HTTP/1.1\" 200 512";
        String[] lines = {
            common,
            "192.0.2.1 - john doe [01/Mar/2026:11:00:02 +0100] \"POST /x HTTP/2.0\" 304 -",
            "192.0.2.2 - - [01/Mar/2026:10:00:03 +0000] \"-\" 408 -",
            "2001:db8::1 - - [01/Mar/2026:10:00:04 +0000] \"\\x16\\x03\\x01\" 400 0",
            "192.0.2.9 - - 01/Mar/2026:10:00:04 +0000 \"GET / HTTP/1.1\" 200 0",
            "example.org:443 192.0.2.9 - - [01/Mar/2026:10:00:04 +0000] \"GET / HTTP/1.1\" 200 0",
            "~close - - [01/Mar/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 200 0"
        };
        String aggregates =
                "{key} {count} {bytes}\"}\n      aggregates: {count: {type: count}, bytes: {type: sum, field: bytes}}\n"
                        + "      late: {topic: \"late";
        Counted counted = Counted.of(yaml("format: clf", "field: time", "host", aggregates), lines);
        assertThat(counted.rows).containsExactly("192.0.2.1 2 512", "192.0.2.2 1 0", "2001:db8::1 1 0");
        assertThat(counted.dead).extracting(Rejection::reason).containsOnly(Reason.MALFORMED);
        assertThat(counted.dead)
                .extracting(Rejection::detail)
                .satisfiesExactly(
                        detail -> assertThat(detail).contains("no user and [time]"),
                        detail -> assertThat(detail).contains("a word too many", "source.pattern can read it"));

        Counted methods =
                Counted.of(yaml("format: clf", "field: time", "user, method, target", "{key} {count}"), lines);
        assertThat(methods.rows)
                .containsExactly(
                        "[\"-\",\"GET\",\"/a?b=\\\\\\\"c\\\\\\\"\"]" + " 1", "[\"john doe\",\"POST\",\"/x\"] 1");
        assertThat(methods.dead)
                .extracting(Rejection::reason)
                .containsExactly(Reason.MISSING_FIELD, Reason.MISSING_FIELD, Reason.MALFORMED, Reason.MALFORMED);

        String close = " \"-\" \"-\"";
        Counted combined = Counted.of(
                yaml("format: combined", "field: time", "agent", "{key} {count}"),
                common + " \"http://example.org/\" \"curl/8 \\\"x\\\"\"",
                common + " \"-\" \"-\" \"10.0.0.1\" 0.003",
                common,
                lines[6] + close);
        assertThat(combined.rows).containsExactly("curl/8 \\\"x\\\" 1", "- 1");
        assertThat(combined.dead)
                .singleElement()
                .extracting(Rejection::detail)
                .asString()
                .contains("referer");
    }

    private static final String[] W3C = {
        "#Software: Microsoft Internet Information Services 10.0",
        "2026-03-01 10:00:00 / 192.0.2.1",
        "#Fields: date time c-ip cs-uri-stem sc-status",
        "2026-03-01 10:00:01 192.0.2.1 / 200",
        "2026-03-01\t10:00:02\t192.0.2.1\t/a b\t200",
        "#fields: date time cs-uri-stem c-ip sc-status\r",
        "2026-03-01 10:00:03 / 192.0.2.1 200",
        "2026-03-01 10:00:03 / 192.0.2.1 200 extra",
        "#Fields: date time cs-uri-stem",
        "2026-03-01 10:00:04 /",
        "#Fields: date time c-ip c-ip",
        "2026-03-01 10:00:05 192.0.2.1 192.0.2.2",
        "#Fields: date time c-ip " + "x".repeat(1_536),
        "2026-03-01 10:00:06 192.0.2.1 x",
        "#Fields: time date c-ip",
        "12:00:00 2026-03-01 ~close"
    };

    private static String w3c(String more) {
        return yaml("format: w3c" + more, "fields: [date, time]", "c-ip", "{key} {count}");
    }

    @Test
    void linesOfTheW3cFormatGoByTheLastHeader() {
        Counted counted = Counted.of(w3c(""), W3C);
        assertThat(counted.rows).containsExactly("192.0.2.1 3");
        assertThat(counted.dead)
                .extracting(Rejection::detail)
                .satisfiesExactly(
                        detail -> assertThat(detail).startsWith("no #Fields: line came before this line, and"),
                        detail -> assertThat(detail)
                                .startsWith("a line of 6 fields, but the #Fields: line before it has 5: "),
                        detail -> assertThat(detail)
                                .startsWith("the #Fields: line before this line has no field 'c-ip'; it has [date, "),
                        detail -> assertThat(detail).endsWith(" names the field 'c-ip' twice"),
                        detail -> assertThat(detail).contains("longer than 1536 characters"));
        assertThat(counted.dead.get(2).reason()).isEqualTo(Reason.MISSING_FIELD);
        assertThat(counted.ledger).isEqualTo(new Ledger(4, 0, 5, 7));
    }

    /** The columns of the configuration are those before the first header; they contradict none. */
    @Test
    void columnsOfTheW3cFormatHoldUpToTheFirstHeader() {
        Counted counted = Counted.of(w3c(", columns: [date, time, cs-uri-stem, c-ip]"), W3C);
        assertThat(counted.rows).containsExactly("192.0.2.1 4");
        assertThat(counted.ledger).isEqualTo(new Ledger(5, 0, 4, 7));
        Counted unfit = Counted.of(w3c(", columns: [date, time, c-ip]"), W3C);
        assertThat(unfit.dead.get(0).detail()).startsWith("a line of 4 fields, but source.columns has 3: ");
    }

    @Test
    void aHeaderCountsWhereverItStands() {
        Counted split = Counted.of(w3c(", split: lines"), "\uFEFF" + String.join("\n", W3C) + "\n");
        assertThat(split.rows).containsExactly("192.0.2.1 3");
        assertThat(split.ledger).isEqualTo(new Ledger(4, 0, 5, 7, 0, 15));

        // Headers as one record, one in a record that is refused, and one that is to be left out.
        Counted whole = Counted.of(
                w3c(", skip: {prefixes: ['#', 'x']}"),
                W3C[0] + "\r\n" + W3C[2] + "\r\n",
                W3C[3],
                W3C[5] + "\n" + W3C[6],
                W3C[6],
                W3C[14],
                "x",
                W3C[15]);
        assertThat(whole.rows).containsExactly("192.0.2.1 2");
        assertThat(whole.dead).singleElement().extracting(Rejection::reason).isEqualTo(Reason.SEVERAL_EVENTS);
        assertThat(whole.ledger).isEqualTo(new Ledger(3, 0, 1, 3));
    }

    @Test
    void ndjsonIsALineADocument() {
        Counted counted = Counted.of(
                yaml("format: ndjson, fields: {t: /t, k: /k}", "field: t, format: epoch-seconds", "k", "{key} {count}"),
                "{\"t\":1772359200,\"k\":\"a\"}\n{\"t\":1772359201,\"k\":\"a\"}\n",
                "{\"t\":1772366400,\"k\":\"close\"}");
        assertThat(counted.rows).containsExactly("a 2");
        assertThat(counted.ledger).isEqualTo(new Ledger(3, 0, 0, 0, 0, 1));
    }

    @Test
    void commentsAndHeadersAreLeftOut() {
        String source = "columns: [time, ip], skip: {prefixes: ['#', 'time '], pattern: '\\s*$'}";
        String yaml = yaml(source, "field: time", "ip", "{key} {count}");
        Counted counted = Counted.of(
                yaml,
                "# a \"comment",
                "time ip",
                "  \r\n",
                "2026-03-01T10:00:00Z a",
                "#\n2026-03-01T10:00:00Z a",
                "2026-03-01T10:02:00Z close");
        assertThat(counted.rows).containsExactly("a 1");
        // Leaving out the comment would leave out the line behind it.
        assertThat(counted.dead).singleElement().extracting(Rejection::reason).isEqualTo(Reason.SEVERAL_EVENTS);
        assertThat(counted.ledger).isEqualTo(new Ledger(2, 0, 1, 3));

        Counted split = Counted.of(
                yaml(source + ", split: lines", "field: time", "ip", "{key} {count}"),
                "\uFEFF# a comment\ntime ip\n2026-03-01T10:00:00Z a\n2026-03-01T10:02:00Z close");
        assertThat(split.rows).containsExactly("a 1");
        assertThat(split.ledger).isEqualTo(new Ledger(2, 0, 0, 2, 0, 3));
    }

    @Test
    void bytesThatAreNotUtf8CanBeReplaced() {
        List<byte[]> values = new ArrayList<>();
        values.add(latin1("2026-03-01T10:00:00Z caf\u00e9"));
        values.add(latin1("2026-03-01T10:02:00Z close"));
        String source = "columns: [time, url]";
        Counted refused = Counted.of(yaml(source, "field: time", "url", "{key} {count}"), values);
        assertThat(refused.dead).singleElement().extracting(Rejection::reason).isEqualTo(Reason.BAD_KEY);
        for (String split : List.of("", ", split: lines")) {
            Counted replaced = Counted.of(
                    yaml(source + ", invalid-utf8: replace" + split, "field: time", "url", "{key} {count}"), values);
            assertThat(replaced.rows).containsExactly("caf\uFFFD 1");
            assertThat(replaced.dead).isEmpty();
        }
        List<byte[]> json =
                List.of(latin1("[{\"t\":1772359200,\"k\":\"\u00e9\"}]"), latin1("{\"t\":1772366400,\"k\":\"close\"}"));
        assertThat(Counted.of(
                                yaml(
                                        "fields: {t: /t, k: /k}, split: array, invalid-utf8: replace",
                                        "field: t, format: epoch-seconds",
                                        "k",
                                        "{key} {count}"),
                                json)
                        .rows)
                .containsExactly("\uFFFD 1");
    }

    private static byte[] latin1(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    @Test
    void severalColumnsMakeATime() {
        Counted counted = Counted.of(
                yaml(
                        "columns: [date, user, time], separator: ';'",
                        "fields: [date, time], format: dd.MM.yyyy HH:mm",
                        "user",
                        "{start} {key} {count}"),
                "01.03.2026;a;10:00",
                "01.03.2026;a",
                "01.03.2026;a;25:00",
                "01.03.2026;close;10:02");
        assertThat(counted.rows).containsExactly("01.03.2026 10:00 a 1");
        assertThat(counted.dead)
                .extracting(Rejection::detail)
                .containsExactly(
                        "the record has no field 'time'",
                        "the fields of the time hold '01.03.2026 25:00', which is not a valid time of the form"
                                + " dd.MM.yyyy HH:mm");
    }

    @Test
    void theRestOfALongLineDoesNotMatterIfTheMatchDoesNotDependOnIt() {
        String rest = " " + "x".repeat(20_000);
        String[] lines = {"2026-03-01T10:00:00Z a" + rest, "2026-03-01T10:02:00Z close" + rest};
        String pattern = "pattern: '(?<time>\\S+) (?<ip>\\S+)";
        assertThat(Counted.of(yaml(pattern + " '", "field: time", "ip", "{key} {count}"), lines).rows)
                .containsExactly("a 1");
        Counted refused = Counted.of(yaml(pattern + " (?<rest>.*)'", "field: time", "ip", "{key} {count}"), lines);
        assertThat(refused.dead)
                .hasSize(2)
                .allSatisfy(dead -> assertThat(dead.detail()).contains("8192").contains("source.max-match-bytes"));
        assertThat(Counted.of(
                                yaml(
                                        pattern + " (?<rest>.*)', max-match-bytes: 30000",
                                        "field: time",
                                        "ip",
                                        "{key} {count}"),
                                lines)
                        .rows)
                .containsExactly("a 1");
    }
}
