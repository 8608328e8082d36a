package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Event;
import io.tally.checkpoint.Fingerprint;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.decode.RecordDecoder.Verdict;
import io.tally.config.client.InstanceId;
import io.tally.config.client.PipelineClients;
import io.tally.engine.WindowResult;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.PipelineSpec;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.Topics;
import io.tally.plan.TransactionLimits;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class PipelineDefinitionsTest {
    @Test
    void resolvesTheDefaultsOfAPipeline() {
        PipelineDefinition clicks = read(Startup.MINIMAL).get(0);

        assertThat(clicks.name()).isEqualTo("clicks");
        assertThat(clicks.groupId()).isEqualTo("tally-clicks");
        assertThat(clicks.lanes()).isEqualTo(1);
        assertThat(clicks.transactions()).isEqualTo(new TransactionLimits(200_000, 50_000, Duration.ofMillis(100)));
        assertThat(clicks.createTopics()).isTrue();
        assertThat(clicks.topics())
                .isEqualTo(new Topics(
                        "clicks",
                        "clicks-per-minute",
                        "clicks-clicks-late",
                        "clicks-clicks-dlt",
                        "tally-clicks-clicks-state"));
        PipelineSpec spec = clicks.spec();
        assertThat(spec.window())
                .isEqualTo(WindowSpec.of(Windowing.tumbling(Duration.ofMinutes(1)), Duration.ofSeconds(5)));
        assertThat(spec.maxOpenEntries()).isEqualTo(Long.MAX_VALUE);
        assertThat(spec.heap().limit()).isEqualTo(Runtime.getRuntime().maxMemory() / 2);
        assertThat(spec.checkpoint())
                .isEqualTo(
                        new CheckpointPolicy(Duration.ofSeconds(30), 1_000_000, 5_000, false, Duration.ofSeconds(30)));
        assertThat(spec.aggregates()).hasSize(1);
        assertThat(spec.fieldCount()).isZero();
    }

    @Test
    void hasAnEncoderForEachSink() {
        PipelineDefinition clicks = read("""
                tally:
                  pipelines:
                    clicks:
                      source: {topic: clicks, columns: [user, url]}
                      window: {size: 1m}
                      sink: {topic: clicks-per-minute, template: "{key} {count}"}
                      further-sinks:
                        - {topic: clicks-json, key: window-and-key}
                        - {topic: clicks-csv, template: "{key},{count}"}
                """).get(0);

        assertThat(clicks.topics().sinks()).containsExactly("clicks-per-minute", "clicks-json", "clicks-csv");
        WindowResult row = new WindowResult(0, 60_000, new byte[] {'a'}, new Object[] {2L});
        assertThat(clicks.spec().encoders())
                .extracting(encoder -> new String(encoder.get().encode(row), StandardCharsets.UTF_8))
                .containsExactly(
                        "a 2",
                        "{\"windowStart\":\"1970-01-01T00:00:00Z\",\"windowEnd\":\"1970-01-01T00:01:00Z\",\"key\":\"a\","
                                + "\"count\":2}",
                        "a,2");
        assertThat(clicks.spec().losesRowsByCompaction(0)).isTrue();
        assertThat(clicks.spec().losesRowsByCompaction(1)).isFalse();
        assertThat(clicks.spec().losesRowsByCompaction(2)).isTrue();
    }

    @Test
    void understandsThePackagedPipeline() {
        Startup.packaged(context -> {
            PipelineDefinition pipeline =
                    context.getBean(PipelineDefinitions.class).iterator().next();

            RecordDecoder decoder = pipeline.spec().decoders().get();
            Event event = new Event(0);
            assertThat(decoder.decode(record("10.0.0.1", "2026-01-31_23:59:59 10.0.0.1 GET /"), event))
                    .isEqualTo(Verdict.ACCEPTED);
            assertThat(Instant.ofEpochMilli(event.time())).isEqualTo("2026-01-31T23:59:59Z");
            assertThat(decoder.decode(record("10.0.0.2", "2026-01-31_23:59:59 10.0.0.1"), event))
                    .isEqualTo(Verdict.REJECTED);
        });
    }

    @Test
    void readsCalendarWindows() {
        String yaml = """
                tally:
                  pipelines:
                    clicks:
                      source: {topic: clicks, columns: [user]}
                      timestamp: {zone: %s}
                      sink: {topic: clicks-per-day}
                      window: {type: calendar, size: %s%s}
                """;
        PipelineSpec days =
                read(yaml.formatted("Europe/Berlin", "1d", "")).get(0).spec();
        PipelineSpec hours =
                read(yaml.formatted("UTC", "1h", ", zone: Asia/Kolkata")).get(0).spec();
        assertThat(days.window().kind()).isEqualTo(new WindowKind.Aligned(Windowing.days(ZoneId.of("Europe/Berlin"))));
        assertThat(hours.window().kind()).isEqualTo(new WindowKind.Aligned(Windowing.hours(ZoneId.of("Asia/Kolkata"))));

        String structure = days.fingerprint().structure();
        assertThat(read(yaml.formatted("UTC", "1d", ", zone: Europe/Berlin"))
                        .get(0)
                        .spec()
                        .fingerprint()
                        .structure())
                .isEqualTo(structure);
        assertThat(read(yaml.formatted("UTC", "1d", ""))
                        .get(0)
                        .spec()
                        .fingerprint()
                        .structure())
                .as("another zone, other windows")
                .isNotEqualTo(structure);
    }

    @Test
    void readsEveryKindOfSetting() {
        PipelineDefinition requests = read("""
                        tally:
                          pipelines:
                            web-requests:
                              source:
                                topic: requests
                                fields: {at: /at, user_Id: /user/id, bytes: /size, status: /status}
                              timestamp: {field: at, format: epoch-millis}
                              key: {fields: [user_Id, status], verify: false}
                              filter:
                                - {field: status, op: not-in, values: [404, 500]}
                                - {field: bytes, op: gte, value: 10}
                              window: {size: 1h, grace: 0}
                              aggregates:
                                total_Bytes: {type: sum, field: bytes}
                                largest: {type: max, field: bytes}
                                last-status: {type: last, field: status}
                                hits: {type: count}
                              sink: {topic: usage}
                        """).get(0);

        PipelineSpec spec = requests.spec();
        assertThat(spec.name()).isEqualTo("web-requests");
        assertThat(spec.aggregates()).hasSize(4);
        assertThat(spec.fieldCount()).as("bytes as a number, status as a text").isEqualTo(2);
        Event event = new Event(2);
        RecordDecoder decoder = spec.decoders().get();
        String json = "{\"at\":1700000000000,\"user\":{\"id\":\"u\"},\"size\":%s,\"status\":%s}";
        assertThat(decoder.decode(record(null, json.formatted("12.5", "200")), event))
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(event.field(0).unscaled()).isEqualTo(125);
        assertThat(decoder.decode(record(null, json.formatted("9", "200")), event))
                .isEqualTo(Verdict.FILTERED);
        assertThat(decoder.decode(record(null, json.formatted("12", "404")), event))
                .isEqualTo(Verdict.FILTERED);
    }

    @Test
    void takesKeysWithoutValuesAsNotSet() {
        String empty = Startup.MINIMAL + """
                  group-id:
                  lanes:
                  filter:
                  aggregates:
                  key:
                  timestamp: {field: , max-ahead: }
                  late:
                  dead-letter: {topic: }
                  checkpoint:
                """.indent(4);

        assertThat(read(empty).get(0))
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes("spec\\..*coders")
                .isEqualTo(read(Startup.MINIMAL).get(0));
    }

    @Test
    void leavesOutDisabledPipelines() {
        String two = Startup.MINIMAL + "    unfinished: {enabled: false}\n";

        assertThat(read(two)).extracting(PipelineDefinition::name).containsExactly("clicks");
    }

    @Test
    void readsEnvironmentVariablesAsOverridesOfPipelinesWithHyphens() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withUserConfiguration(PropertiesConfiguration.class)
                .withPropertyValues(
                        "tally.pipelines.page-views.source.topic=views",
                        "tally.pipelines.page-views.source.columns=user",
                        "tally.pipelines.page-views.sink.topic=sums",
                        "tally.pipelines.page-views.window.size=1s")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment",
                                Map.of(
                                        "TALLY_PIPELINES_PAGEVIEWS_WINDOW_SIZE", "7s",
                                        "TALLY_PIPELINES_PAGEVIEWS_MAXOPENENTRIES", "9",
                                        "TALLY_INSTANCEID", "from-env"))))
                .run(context -> {
                    List<PipelineDefinition> definitions =
                            context.getBean(PipelineDefinitions.class).enabled();
                    assertThat(definitions).extracting(PipelineDefinition::name).containsExactly("page-views");
                    assertThat(definitions.get(0).spec().window().kind())
                            .isEqualTo(new WindowKind.Aligned(Windowing.tumbling(Duration.ofSeconds(7))));
                    assertThat(definitions.get(0).spec().maxOpenEntries()).isEqualTo(9);
                    assertThat(context.getBean(InstanceId.class).value()).isEqualTo("from-env");
                });
    }

    @Test
    void joinsProcessAndClients() {
        Startup.packaged(
                context -> {
                    PipelineDefinition pipeline = context.getBean(PipelineDefinitions.class)
                            .iterator()
                            .next();
                    assertThat(pipeline.on(
                                    context.getBean(InstanceId.class).value(),
                                    context.getBean(PipelineClients.class)
                                            .of("ip-count")
                                            .startAtEnd()))
                            .singleElement()
                            .satisfies(joined -> {
                                assertThat(joined.instanceId()).isEqualTo("i-1");
                                assertThat(joined.startAtEnd()).isTrue();
                                assertThat(joined.groupId()).isEqualTo("tally-ip-count");
                            });
                },
                "--tally.instance-id=i-1",
                "--spring.kafka.consumer.auto-offset-reset=latest");
    }

    /** Committed offsets carry the hash: it must not change with the code. */
    @Test
    void pinsTheFingerprintOfThePackagedPipeline() {
        Startup.packaged(context -> assertThat(context.getBean(PipelineDefinitions.class)
                        .iterator()
                        .next()
                        .spec()
                        .fingerprint())
                .isEqualTo(new Fingerprint("89a07d0f04d6edf5", "f97dafe818b59c05")));
    }

    /** State from versions without the choice can go on. */
    @Test
    void tellsInTheFingerprintHowAmbiguousTimesAreRead() {
        String yaml = Startup.MINIMAL + """
                  timestamp: {field: user, format: "yyyy-MM-dd HH:mm", zone: %s, ambiguous-time: %s}
            """;
        Fingerprint earlier = replay(yaml, "Europe/Berlin", "earlier");
        assertThat(replay(yaml, "Europe/Berlin", "later")).isNotEqualTo(earlier);
        assertThat(replay(yaml, "Europe/Berlin", "in-order"))
                .isNotEqualTo(earlier)
                .isNotEqualTo(replay(yaml, "Europe/Berlin", "later"))
                .isEqualTo(replay(yaml.replace(", ambiguous-time: %s", ""), "Europe/Berlin", ""));
        assertThat(replay(yaml, "UTC", "in-order")).isEqualTo(replay(yaml, "UTC", "earlier"));
    }

    /** What is the default adds nothing, so that what older versions have committed goes on. */
    @Test
    void tellsInTheFingerprintHowEventsAreCutAndQuoted() {
        Fingerprint before = read(Startup.MINIMAL).get(0).spec().fingerprint();
        assertThat(source("split: none")).isEqualTo(before);
        assertThat(source("invalid-utf8: dead-letter, max-match-bytes: 8192, separator: ' '"))
                .isEqualTo(before);
        assertThat(List.of(
                        before,
                        source("split: whole"),
                        source("split: lines"),
                        source("skip: {prefixes: [x]}"),
                        source("skip: {pattern: x}"),
                        source("invalid-utf8: replace"),
                        source("format: csv"),
                        source("format: w3c"),
                        source("quote: none"),
                        source("quote: '\"'")))
                .doesNotHaveDuplicates();
    }

    private static Fingerprint source(String property) {
        return read(Startup.MINIMAL.replace("columns: [user, url]", "columns: [user, url], " + property))
                .get(0)
                .spec()
                .fingerprint();
    }

    private static Fingerprint replay(String yaml, String zone, String choice) {
        return read(yaml.replace(
                                "source: {topic: clicks, columns: [user, url]}",
                                "source: {topic: clicks, columns: [user, url], separator: \"|\"}")
                        .formatted(zone, choice))
                .get(0)
                .spec()
                .fingerprint();
    }

    @Test
    void tellsInTheFingerprintWhetherNullValuesAreSkipped() {
        String yaml = Startup.MINIMAL.replace("columns: [user, url]", "columns: [user, url], null-values: %s");
        Fingerprint usual = read(Startup.MINIMAL).get(0).spec().fingerprint();
        assertThat(read(yaml.formatted("dead-letter")).get(0).spec().fingerprint())
                .isEqualTo(usual);
        Fingerprint skipping = read(yaml.formatted("skip")).get(0).spec().fingerprint();
        assertThat(skipping.replay()).isNotEqualTo(usual.replay());
        assertThat(skipping.structure()).isEqualTo(usual.structure());
    }

    @Test
    void tellsStructureFromReplayInTheFingerprint() {
        PipelineSpec before = read(Startup.MINIMAL).get(0).spec();

        PipelineSpec graceful = read(Startup.MINIMAL.replace("size: 1m", "size: 1m, grace: 9s"))
                .get(0)
                .spec();
        assertThat(graceful.fingerprint().structure())
                .isEqualTo(before.fingerprint().structure());
        assertThat(graceful.fingerprint().replay())
                .isNotEqualTo(before.fingerprint().replay());

        PipelineSpec longer =
                read(Startup.MINIMAL.replace("size: 1m", "size: 2m")).get(0).spec();
        assertThat(longer.fingerprint().structure())
                .isNotEqualTo(before.fingerprint().structure());

        PipelineSpec elsewhere = read(Startup.MINIMAL.replace("clicks-per-minute", "sums"))
                .get(0)
                .spec();
        assertThat(elsewhere.fingerprint()).isEqualTo(before.fingerprint());
    }

    private static List<PipelineDefinition> read(String yaml) {
        List<PipelineDefinition> result = new ArrayList<>();
        Startup.yaml(
                yaml,
                context ->
                        result.addAll(context.getBean(PipelineDefinitions.class).enabled()));
        return result;
    }

    private static SourceRecord record(@Nullable String key, String value) {
        return new SourceRecord() {
            @Override
            public long offset() {
                return 0;
            }

            @Override
            public long timestamp() {
                return -1;
            }

            @Override
            public @Nullable ByteRange key() {
                return key == null ? null : ByteRange.of(key.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public ByteRange value() {
                return ByteRange.of(value.getBytes(StandardCharsets.UTF_8));
            }
        };
    }
}
