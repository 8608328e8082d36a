package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a user reads whose configuration is wrong. */
@ExtendWith(OutputCaptureExtension.class)
class InvalidConfigurationTest {
    @Test
    void tellsAllProblemsAtOnceWithOriginAndExample(CapturedOutput output) {
        String report = Startup.failure(output, """
                tally:
                  instance-id: "a b"
                  pipelines:
                    clicks:
                      lanes: 0
                      source: {topic: "clicks!", columns: [user, url]}
                      timestamp: {field: time, zone: Mars/Olympus}
                      window: {size: 10, grce: 5s}
                      aggregates:
                        total: {type: sum}
                """);

        assertThat(report)
                .contains("The configuration has 9 problems:")
                .contains("""
                            Property: tally.pipelines.clicks.window.size
                            Value: "10"
                        """)
                .containsPattern("Origin: URL \\[file:.*yml] - 8:22\n    Reason: has no unit; a duration needs one of"
                        + " ms, s, m, h, d\n    Example: 10s\n")
                .contains("""
                            Reason: is not a property of Tally; did you mean tally.pipelines.clicks.window.grace?
                        """)
                .contains("""
                            Reason: is not a time zone that this Java knows
                            Example: UTC, +02:00 or Europe/Berlin
                        """)
                .contains("Property: tally.instance-id\n    Value: \"a b\"")
                .contains("Property: tally.pipelines.clicks.lanes\n    Value: \"0\"")
                .contains("Reason: must be 1 to 1000")
                .contains("Property: tally.pipelines.clicks.source.topic\n    Value: \"clicks!\"")
                .contains("Property: tally.pipelines.clicks.timestamp.field\n    Value: \"time\"")
                .contains("Reason: is no field of the source; its fields are [user, url]")
                .contains("Property: tally.pipelines.clicks.aggregates.total.field\n    Reason: is required")
                .contains("Correct the properties above and start again.")
                .doesNotContain("\tat ", "Exception");
    }

    @Test
    void tracesNeedALibraryThatTallyDoesNotBring(CapturedOutput output) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new FilteredClassLoader("io.micrometer.tracing"));
        try {
            assertThat(Startup.packagedFailure(output, "--tally.tracing.enabled=true", "--tally.tracing.links=129"))
                    .contains("Property: tally.tracing.enabled\n    Value: \"true\"")
                    .contains("needs a tracing library on the class path")
                    .contains("org.springframework.boot:spring-boot-starter-opentelemetry")
                    .contains("Property: tally.tracing.links\n    Value: \"129\"")
                    .contains("Reason: must be 0 to 128");
            Startup.packaged(context -> assertThat(context.isActive()).isTrue());
        } finally {
            thread.setContextClassLoader(before);
        }
        Startup.packaged(context -> assertThat(context.isActive()).isTrue(), "--tally.tracing.enabled=true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "window.size=abc                | is not a duration: a number with a unit (ms, s, m, h, d), or ISO-8601",
                "window.size=0s                 | must be a whole number of milliseconds from 1ms to 36525d",
                "window.size=1500us             | must be a whole number of milliseconds from 1ms to 36525d",
                "window.grace=-1s               | must be a whole number of milliseconds from 0s to 36525d",
                "window.type=sliding            | is none of tumbling, hopping, cumulative, session, calendar, none",
                "window.type=hopping            | window.advance",
                "window.type=session            | is required: how long a key is silent when its session ends",
                "window.advance=1s              | is for windows of type hopping or cumulative; those of type tumbling have none",
                "window.gap=1s                  | is for windows of type session; those of type tumbling have none",
                "window.ttl=1s                  | is for windows of type none; those of type tumbling have none",
                "window.allowed-lateness=-1s    | must be a whole number of milliseconds from 0s to 36525d",
                "emit=sometimes                 | is none of final, updates",
                "emit-interval=1s               | is for emit: updates",
                "window.type=calendar           | must be 1h or 1d for windows of type calendar; have window.unit",
                "window.size=1w                 | is not a duration: a number with a unit (ms, s, m, h, d), or ISO-8601; 7d is a week, and for windows",
                "window.unit=week               | is for windows of type calendar; those of type tumbling have none",
                "window.first-day=sunday        | is for windows of type calendar; those of type tumbling have none",
                "window.offset=1m               | must be a whole number of milliseconds from -59999ms to 59999ms",
                "window.zone=Europe/Berlin      | is for windows of type calendar; those of type tumbling have none",
                "uncounted.share=0              | must be more than 0 and at most 1",
                "uncounted.share=1.5            | must be more than 0 and at most 1",
                "uncounted.records=0            | must be",
                "source.null-values=keep        | is none of dead-letter, skip",
                "enabled=maybe                  | is neither true nor false",
                "lanes=two                      | is not a whole number of at most 2147483647",
                "idle-timeout=0s                | must be a whole number of milliseconds from 1ms to 36525d",
                "commit-interval=-1s            | must be a whole number of milliseconds from 0s to 500ms",
                "commit-interval=501ms          | must be a whole number of milliseconds from 0s to 500ms",
                "access-timeout=-1s             | must be a whole number of milliseconds from 0s to 36525d",
                "max-records-per-transaction=0  | must be 1 to 10000000",
                "max-rows-per-transaction=0     | must be 1 to 10000000",
                "max-open-entries=0             | must be at least 1",
                "max-open-bytes=1KB             | must be at least 1MB",
                "max-open-bytes=1TB             | be at most three quarters of the heap of",
                "max-open-bytes=much            | is not a size",
                "group-id=my group              | must be 1 to 249 characters without spaces",
                "checkpoint.interval=0s         | must be a whole number of milliseconds from 1ms to 36525d",
                "checkpoint.max-replay-records=0 | must be at least 1",
                "checkpoint.max-entries-per-transaction=0 | must be at least 1",
                "source.separator=;;            | separator must be one ASCII character",
                "source.quote=``                | quote must be one printable ASCII character or none, not",
                "source.split=columns           | is none of none, whole, lines, array, values",
                "source.split=array             | is for JSON, and the source is text",
                "source.skip.prefixes=#,        | has an empty one",
                "source.skip.pattern=(          | skip.pattern is not a regular expression",
                "source.invalid-utf8=ignore     | is none of dead-letter, replace",
                "source.format=combined         | has no meaning for format combined, which says it all; leave it out",
                "source.format=xml              | is none of text, json, csv, ndjson, clf, combined, w3c",
                "timestamp.fields=user,agent    | is no field of the source; its fields are [user, url]",
                "source.pattern=x               | excludes source.columns [user, url]; leave one of them empty",
                "timestamp.floor=yesterday      | is not a point in time in ISO-8601, UTC",
                "timestamp.max-ahead=-1s        | timestamp.max-ahead must be between 0 and 36525d",
                "timestamp.max-ahead=60         | has no unit",
                "window.grace=${GRACE:60}       | Value: \"60\"",
                "key.fields=user,user           | key.fields must be different fields",
                "key.max-bytes=0                | key.max-bytes must be 1 to 65535",
                "key=user                       | is a group of properties; a value cannot stand for it",
                "filter[0].op=eq                | Property: tally.pipelines.clicks.filter[0].field",
                "filter[0].field=user           | Property: tally.pipelines.clicks.filter[0].op",
                "filter=user                    | is a list; a value cannot stand for it",
                "aggregates.n.type=median       | is none of count, sum, min, max, avg, variance, stddev, first, last, distinct, distinct-approx, quantiles, top, collect, custom",
                "aggregates.n.field=url         | is required: the function, such as count, sum or top",
                "sink.format=text               | is required for format text",
                "sink.template={start} {keys}   | the placeholder {keys}, which is none of",
                "sink.template={start           | has a brace without its partner",
                "sink.topic=clicks              | is the pipeline's source topic too; all must be different",
                "state.topic=clicks-clicks-dlt  | is the pipeline's dead-letter topic too",
                "further-sinks[0].format=json   | Property: tally.pipelines.clicks.further-sinks[0].topic",
                "further-sinks[0].topic=clicks  | is the pipeline's source topic too; all must be different",
                "late.topic=..                  | is not a legal topic name",
            })
    void explainsWhatIsWrongWith(String property, String reason, CapturedOutput output) {
        String report = Startup.failure(output, Startup.MINIMAL, "--tally.pipelines.clicks." + property.strip());

        assertThat(report).contains(reason.strip()).contains("has a problem:").doesNotContain("\tat ");
    }

    @Test
    void saysWhichOfSeveralSinksIsWrong(CapturedOutput output) {
        String sink = "--tally.pipelines.clicks.further-sinks[0].";
        String report = Startup.failure(output, Startup.MINIMAL, sink + "topic=lines", sink + "template={users}");

        assertThat(report)
                .contains("has a problem:")
                .contains("Property: tally.pipelines.clicks.further-sinks[0].template")
                .contains("the placeholder {users}, which is none of");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "type: count, field: url           | field | has no meaning for count, which counts records",
                "type: sum                         | field | is required for every type but count and custom",
                "type: sum, field: size            | field | is no field of the source; its fields are [user, url]",
                "type: avg, field: url, limit: 5   | limit | has no meaning for avg, which has field",
                "type: distinct, field: url, limit: 0 | limit | must be 1 to 32768",
                "type: distinct, field: url, limit: x | limit | is not a whole number of at most 2147483647",
                "type: collect, field: url, limit: 32769 | limit | must be 1 to 32768",
                "type: distinct-approx, field: url, precision: 17 | precision | must be 6 to 16",
                "type: distinct-approx, field: url, n: 3 | n | has no meaning for distinct-approx, which has field, precision",
                "type: quantiles, field: url       | quantiles | must be at least one number from 0 to 1",
                "type: quantiles, field: url, quantiles: [1.5] | quantiles | must be numbers from 0 to 1",
                "type: quantiles, field: url, quantiles: [0.5, 0.50] | quantiles | must be different numbers",
                "type: quantiles, field: url, quantiles: [a] | quantiles[0] | is not a decimal number",
                "type: quantiles, field: url, quantiles: [1], accuracy: 0 | accuracy | must be 0.001 to 0.1",
                "type: top, field: url, n: 11, limit: 10 | n | must be 1 to 10",
                "type: top, field: url, by: size   | by | is no field of the source; its fields are [user, url]",
                "type: custom                      | function | is required for type custom; there is none in the application",
                "type: custom, function: f, fields: [url, size] | fields[1] | is no field of the source",
                "type: custom, function: f, field: url | field | has no meaning for custom, which has fields, function",
            })
    void explainsWhatIsWrongWithAnAggregate(String function, String parameter, String reason, CapturedOutput output) {
        String yaml = Startup.MINIMAL.replace("clicks-per-minute}", "clicks-per-minute, template: \"{x}\"}")
                + "      aggregates: {x: {" + function.strip() + "}}\n";

        assertThat(Startup.failure(output, yaml))
                .contains("Property: tally.pipelines.clicks.aggregates.x." + parameter)
                .doesNotContain("placeholder")
                .contains("Reason: " + reason)
                .doesNotContain("\tat ");
    }

    @Test
    void explainsAPatternThatIsNone(CapturedOutput output) {
        assertThat(Startup.failure(
                        output,
                        Startup.MINIMAL,
                        "--tally.pipelines.clicks.source.columns=",
                        "--tally.pipelines.clicks.source.pattern=(?<user>[a-z)"))
                .contains("Property: tally.pipelines.clicks.source.pattern")
                .contains("Unclosed character class");
        assertThat(Startup.failure(
                        output,
                        Startup.MINIMAL,
                        "--tally.pipelines.clicks.source.columns=",
                        "--tally.pipelines.clicks.key.fields=ip",
                        "--tally.pipelines.clicks.source.pattern=(?<user>[a-z]+)"))
                .contains("Property: tally.pipelines.clicks.key.fields[0]")
                .contains("is no field of the source; its fields are [user]");
    }

    @Test
    void explainsATimePatternThatIsNone(CapturedOutput output) {
        assertThat(Startup.failure(
                        output,
                        Startup.MINIMAL,
                        "--tally.pipelines.clicks.timestamp.field=user",
                        "--tally.pipelines.clicks.timestamp.format=bogus"))
                .contains("Property: tally.pipelines.clicks.timestamp.format\n    Value: \"bogus\"");
    }

    @Test
    void namesWhatIsMissing(CapturedOutput output) {
        assertThat(Startup.failure(output, "tally: {pipelines: {clicks: {enabled: true}}}"))
                .contains("has 4 problems")
                .contains("Property: tally.pipelines.clicks.source.topic\n    Reason: is required: the topic to read")
                .contains("Property: tally.pipelines.clicks.source.columns")
                .contains("Property: tally.pipelines.clicks.sink.topic")
                .contains("Property: tally.pipelines.clicks.window.size");
    }

    @Test
    void needsAnEnabledPipeline(CapturedOutput output) {
        assertThat(Startup.failure(output, Startup.MINIMAL, "--tally.pipelines.clicks.enabled=false"))
                .contains("Property: tally.pipelines\n    Reason: has no enabled pipeline");
        assertThat(Startup.failure(output, "server: {port: 1}")).contains("has no enabled pipeline");
    }

    @Test
    void refusesNamesThatGroupsAndTopicsCannotHave(CapturedOutput output) {
        assertThat(Startup.failure(output, Startup.MINIMAL.replace("clicks:", "My_Clicks:")))
                .contains("My_Clicks")
                .contains("is not a good name for a pipeline: lower-case letters, digits and hyphens within");
    }

    @Test
    void refusesPipelinesThatShareOffsetsOrState(CapturedOutput output) {
        String two = Startup.MINIMAL + """
                views:
                  lanes: 0
                  group-id: tally-clicks
                  source: {topic: tally-clicks-clicks-state, columns: [user]}
                  window: {size: 1s}
                  sink: {topic: views-per-second}
                  state: {topic: clicks-per-minute}
                """.indent(4);

        assertThat(Startup.failure(output, two))
                .contains("Property: tally.pipelines.views.lanes")
                .contains("Property: tally.pipelines.views.group-id")
                .contains("is the consumer group of pipeline clicks too")
                .contains("Property: tally.pipelines.views.source.topic")
                .contains("is the state or shuffle topic of pipeline clicks, which nothing else may use")
                .contains("Property: tally.pipelines.views.state.topic")
                .contains("is a topic of pipeline clicks too; nothing else may use a state topic");
    }

    @ParameterizedTest
    @CsvSource({
        "tally.pipeline.clicks.lanes=2,           tally.pipelines.clicks.lanes",
        "tally.pipelines.clicks.gruop-id=x,       tally.pipelines.clicks.group-id",
        "tally.pipelines.clicks.grace=5s,         tally.pipelines.clicks.window.grace",
        "tally.pipelines.clicks.sink.templte=x,   tally.pipelines.clicks.sink.template",
        "tally.pipelines.clicks.aggregates.n.tpye=count, tally.pipelines.clicks.aggregates.n.type",
        "tally.pipelines.clicks.filter[0].feild=eq, tally.pipelines.clicks.filter[0].field",
        "tally.instance=x,                        tally.instance-id",
        "tally.pipelines.clicks.sink.templte=,    tally.pipelines.clicks.sink.template",
    })
    void suggestsTheNearestProperty(String property, String suggestion, CapturedOutput output) {
        assertThat(Startup.failure(output, Startup.MINIMAL, "--" + property))
                .contains("is not a property of Tally; did you mean " + suggestion + "?")
                .contains("Origin: \"" + property.replaceAll("=.*", "") + "\" from property source");
    }

    @Test
    void tellsWhatAGroupHasIfNothingIsNear(CapturedOutput output) {
        assertThat(Startup.failure(output, Startup.MINIMAL, "--tally.pipelines.clicks.window.slide-by=5s"))
                .contains(
                        "is not a property of Tally; known there are type, size, unit, first-day, offset, advance, gap, ttl, zone, grace,"
                                + " allowed-lateness");
        assertThat(Startup.failure(output, Startup.MINIMAL, "--tally.pipelines.clicks.joins.other.topics[0]=x"))
                .contains("is not a property of Tally; nor is its group");
    }
}
