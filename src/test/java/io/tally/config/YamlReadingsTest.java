package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What YAML and Spring Boot make of names, numbers and braces is not always what was written. */
@ExtendWith(OutputCaptureExtension.class)
class YamlReadingsTest {
    private static String failure(CapturedOutput output, String properties) {
        return Startup.failure(output, Startup.MINIMAL + properties.indent(6));
    }

    /** Otherwise rows would have a member of another name, without a word. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "aggregates: {visits/day: {type: count}}     | aggregates.visits/day     | 'visitsday' | /",
                "aggregates: {größe: {type: sum, field: url}} | aggregates.größe         | 'gre'       | ö and ß",
                "aggregates: {'a b': {type: count}}          | aggregates.a b            | 'ab'        | the blank",
                "further-sinks: [{topic: t, te@mplate: x}]   | further-sinks[0].te@mplate | 'template' | @",
            })
    void refusesNamesThatWouldLoseCharacters(
            String yaml, String property, String left, String lost, CapturedOutput output) {
        assertThat(failure(output, yaml))
                .contains("has a problem:")
                .contains("Property: tally.pipelines.clicks." + property + "\n    Origin: URL [file:")
                .contains("is read as " + left + ": Spring Boot takes " + lost + " out of a name");
    }

    @Test
    void namesInBracketsKeepTheirCharacters(CapturedOutput output) {
        String json =
                Startup.MINIMAL.replace("columns: [user, url]", "format: json, fields: {%s: /@timestamp, user: /u}");
        String key = "key: {fields: [user, '@timestamp'], verify: false}".indent(6);

        assertThat(Startup.failure(output, json.formatted("'@timestamp'") + key))
                .contains("Property: tally.pipelines.clicks.source.fields.@timestamp")
                .contains("Example: '[@timestamp]'");
        Startup.yaml(json.formatted("'[@timestamp]'") + key, context -> {});
        assertThat(failure(output, "aggregates: {a.b: {type: count}}"))
                .contains("is not a property of Tally; a name with dots needs brackets and quotes: '[a.b]'");
        Startup.yaml(Startup.MINIMAL + "aggregates: {'[a.b]': {type: count}}".indent(6), context -> {});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lanes: 010                    | lanes         | 010   | 8",
                "max-open-entries: 1:30        | max-open-entries | 1:30 | 90",
                "key: {max-bytes: 0100}        | key.max-bytes | 0100  | 64",
            })
    void refusesNumbersThatAreOthers(String yaml, String property, String written, String read, CapturedOutput output) {
        assertThat(failure(output, yaml))
                .contains("Property: tally.pipelines.clicks." + property + "\n    Value: \"" + read + "\"")
                .contains("is not what the file has: without quotes YAML reads " + written + " as " + read);
    }

    @Test
    void takesNumbersThatAreWrittenInAnotherWay() {
        String properties = "lanes: 0x2\nmax-open-entries: 1_000\nkey: {max-bytes: '0100'}\nuncounted: {share: .50}\n";
        Startup.yaml(
                Startup.MINIMAL + properties.indent(6),
                context -> assertThat(context.getBean(PipelineDefinitions.class)
                                .enabled()
                                .get(0)
                                .lanes())
                        .isEqualTo(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "timestamp: {zone: +0100}      | is not a time zone that this Java knows; without quotes YAML reads +0100 as 64",
                "timestamp: {zone: no}         | is not a time zone that this Java knows; without quotes YAML reads no as false",
                "idle-timeout: 1:30            | has no unit; a duration needs one of ms, s, m, h, d; without quotes YAML reads 1:30 as 90",
                "lanes: yes                    | is not a whole number of at most 2147483647; without quotes YAML reads yes as true",
            })
    void saysWhatYamlReads(String yaml, String reason, CapturedOutput output) {
        assertThat(failure(output, yaml)).contains("Reason: " + reason + "\n");
    }

    @Test
    void saysThatBracesAreAGroup(CapturedOutput output) {
        assertThat(Startup.failure(
                        output, Startup.MINIMAL.replace("clicks-per-minute}", "clicks-per-minute, template: {key}}")))
                .contains("Property: tally.pipelines.clicks.sink.template\n")
                .contains("is a text, and without quotes YAML reads { } as a group; put the text in quotes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sink: {topic: t, template: {key} {count}} | line 7, column  | template: {key}",
                "source: {pattern: \"(?<user>\\S+)\"}        | line 7, column  | found unknown escape character S",
                "window: {size: 1h}                        | line 7, column   | found duplicate key window",
                "`\temit: updates`                          | line 7, column   | TAB",
            })
    void explainsWhatIsNoYaml(String line, String place, String what, CapturedOutput output) {
        assertThat(failure(output, line))
                .contains("A file of the configuration is no YAML: ")
                .contains(place)
                .contains(what)
                .contains("goes into single quotes", "spring.config.additional-location")
                .doesNotContain("\tat ");
    }
}
