package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Filters compare what the user wrote, not what YAML makes of it. */
@ExtendWith(OutputCaptureExtension.class)
class FilterConfigurationTest {
    private static final String YAML = """
            tally:
              pipelines:
                orders:
                  source: {topic: orders, fields: {time: /time, f: /f}%s}
                  timestamp: {field: time, format: epoch-millis}
                  key: {fields: [f], verify: false}
                  shuffle: never
                  filter:
                    - %s
                  window: {size: 1m}
                  sink: {topic: rows, template: "{key} {count}"}
            """;

    private static String yaml(String condition) {
        return YAML.formatted("", condition);
    }

    /** Rows are in the order of their keys. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{field: f, op: eq, value: '3.10'}       | 3.10;3.1;NO  | 3.10 1",
                "{field: f, op: ne, value: '3.10'}       | 3.10;3.1     | 3.1 1",
                "{field: f, op: eq, value: 200}          | 200;0200;200.0 | 200 1",
                "{field: f, op: eq, value: true}         | true;yes     | true 1",
                "{field: f, op: in, values: [SE, 'NO']}  | NO;false;SE  | NO 1, SE 1",
                "{field: f, op: in, values: ['\uD83D\uDE42', 200]} | 200;20 | 200 1",
                "{field: f, op: in, values: ['NULL', ''] } | NULL;x     | NULL 1",
                "{field: f, op: not-in, values: [1, 2]}  | 1;1.0;3      | 1.0 1, 3 1",
                "{field: f, op: prefix, value: '0123'}   | 01234;83999  | 01234 1",
                "{field: f, op: gte, value: 3.10}        | 3.1;3.09;4;x | 3.1 1, 4 1",
                "{field: f, op: lt, value: -1_000}       | -1000;-1e4   | -1e4 1",
                "{field: f, op: gt, value: 0x10}         | 16;17        | 17 1",
                "{field: f, op: gt, value: .5}           | 0.5;0.6      | 0.6 1",
            })
    void selects(String condition, String values, String rows) {
        String[] events = (values + ";").replaceFirst(";$", "").split(";");
        String[] records = new String[events.length + 1];
        for (int i = 0; i < events.length; i++) {
            records[i] = "{\"time\":1772359200000,\"f\":\"" + events[i] + "\"}";
        }
        records[events.length] = "{\"time\":1772366400000,\"f\":\"close\"}";
        Counted counted = Counted.of(yaml(condition), records);
        assertThat(String.join(", ", counted.rows)).isEqualTo(rows);
        assertThat(counted.dead).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{field: f, op: in, values: [SE, NO, DK]}  | values[1] | YAML reads NO as false    | 'NO'",
                "{field: f, op: in, values: [SE, NULL]}    | values[1] | YAML reads NULL as nothing | 'NULL'",
                "{field: f, op: eq, value: null}           | value     | YAML reads null as nothing | 'null'",
                "{field: f, op: eq, value: 3.10}           | value     | YAML reads 3.10 as 3.1    | '3.10'",
                "{field: f, op: prefix, value: 0123}       | value     | YAML reads 0123 as 83     | '0123'",
                "{field: f, op: lt, value: 0123}           | value     | YAML reads 0123 as 83     | '0123'",
                "{field: f, op: eq, value: 1:30}           | value     | YAML reads 1:30 as 90     | '1:30'",
                "{field: f, op: eq, value: 1_000}          | value     | YAML reads 1_000 as 1000  | '1_000'",
                "{field: f, op: contains, value: On}       | value     | YAML reads On as true     | 'On'",
            })
    void refusesWhatYamlTakesForSomethingElse(
            String condition, String property, String reading, String example, CapturedOutput output) {
        assertThat(Startup.failure(output, yaml(condition)))
                .contains("Property: tally.pipelines.orders.filter[0]." + property)
                .contains("is not what the file has: without quotes " + reading + "; put it in quotes")
                .contains(example);
    }

    /** The same thought, elsewhere. */
    @Test
    void refusesItWhereverATextIsMeant(CapturedOutput output) {
        String yaml = yaml("{field: f, op: exists}");
        assertThat(Startup.failure(output, yaml.replace("topic: orders", "topic: 0123")))
                .contains("source.topic")
                .contains("YAML reads 0123 as 83");
        assertThat(Startup.failure(output, yaml.replace("fields: [f]", "fields: [no]")))
                .contains("key.fields[0]")
                .contains("YAML reads no as false");
        assertThat(Startup.failure(output, yaml.replace("f: /f", "f: /f, on: /on")))
                .contains("source.fields.true")
                .contains("put the name in quotes");
        assertThat(Startup.failure(output, YAML.formatted(", missing: [\"-\", NO]", "{field: f, op: exists}")))
                .contains("source.missing[1]")
                .contains("YAML reads NO as false");
        assertThat(
                        Startup.failure(
                                output,
                                yaml.replace("op: exists", "op: eq"),
                                "--spring.application.json={\"tally\":"
                                        + "{\"pipelines\":{\"orders\":{\"filter\":[{\"field\":\"f\",\"op\":\"eq\",\"value\":3.10}]}}}}"))
                .contains("is a number whose digits may not be those that were written");
    }

    @Test
    void theTypeOfTheFieldGoesBeforeTheOperator(CapturedOutput output) {
        String[] records = {
            "{\"time\":1772359200000,\"f\":\"200\"}",
            "{\"time\":1772359200000,\"f\":\"200.0\"}",
            "{\"time\":1772359200000,\"f\":\"b\"}",
            "{\"time\":1772366400000,\"f\":\"close\"}"
        };
        String number = ", values: {f: {type: number}}";
        String text = ", values: {f: {type: text}}";
        assertThat(Counted.of(YAML.formatted(number, "{field: f, op: eq, value: 200}"), records).rows)
                .containsExactly("200 1", "200.0 1");
        assertThat(Counted.of(YAML.formatted(text, "{field: f, op: gte, value: '200.'}"), records).rows)
                .as("byte by byte")
                .containsExactly("200.0 1", "b 1");
        assertThat(Startup.failure(output, yaml("{field: f, op: gt, value: b}")))
                .contains("operator gt on field 'f' compares numbers here, and 'b' is none")
                .contains("set source.values.f.type to text to compare texts");
        assertThat(Startup.failure(output, YAML.formatted(number, "{field: f, op: in, values: [1, b]}")))
                .contains("operator in on field 'f' compares numbers here, and 'b' is none");
    }
}
