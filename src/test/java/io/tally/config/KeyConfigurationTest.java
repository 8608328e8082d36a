package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.Fingerprint;
import io.tally.pipeline.PipelineSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the configuration says of keys. */
@ExtendWith(OutputCaptureExtension.class)
class KeyConfigurationTest {
    /** What decides which records are dead letters is part of the replay; a key's meaning, of the stored state. */
    @Test
    void whatIsNotTheDefaultIsPartOfTheFingerprint() {
        Fingerprint plain = spec("fields: [ip]").fingerprint();
        assertThat(spec("fields: [ip], record-key: text, spread: warn").fingerprint())
                .isEqualTo(plain);
        for (String other : List.of("record-key: json", "partitioner: murmur2", "partitioner: crc32")) {
            Fingerprint changed = spec("fields: [ip], " + other).fingerprint();
            assertThat(changed.replay()).isNotEqualTo(plain.replay());
            assertThat(changed.structure()).isEqualTo(plain.structure());
        }
        assertThat(spec("record-key: json").fingerprint().structure())
                .isNotEqualTo(spec("max-bytes: 1024").fingerprint().structure());
        // With a shuffle nothing goes by the record key.
        assertThat(spec("fields: [ip], verify: false, record-key: json").fingerprint())
                .isEqualTo(spec("fields: [ip], verify: false").fingerprint());
    }

    @Test
    void aPartitionerNeedsTheRecordKey(CapturedOutput output) {
        String report =
                Startup.failure(output, yaml("fields: [ip], verify: false, partitioner: murmur2", "shuffle: never"));
        assertThat(report)
                .contains(
                        "tally.pipelines.hits.key.partitioner",
                        "needs key.verify=true, since it goes by the record key");
    }

    @Test
    void rowsMayHaveTheirWindowInTheRecordKey() {
        assertThat(spec("fields: [ip]").losesRowsByCompaction(0)).isTrue();
        List<PipelineSpec> specs = new ArrayList<>();
        collect(yaml("fields: [ip]", "sink: {topic: rows, key: window-and-key}"), specs);
        assertThat(specs.get(0).losesRowsByCompaction(0)).isFalse();
    }

    private static PipelineSpec spec(String key) {
        List<PipelineSpec> specs = new ArrayList<>();
        collect(yaml(key, "sink: {topic: rows}"), specs);
        return specs.get(0);
    }

    private static void collect(String yaml, List<PipelineSpec> specs) {
        Startup.yaml(
                yaml,
                context -> context.getBean(PipelineDefinitions.class)
                        .enabled()
                        .forEach(definition -> specs.add(definition.spec())));
    }

    private static String yaml(String key, String more) {
        return """
                tally:
                  pipelines:
                    hits:
                      source: {topic: hits, columns: [time, ip]}
                      timestamp: {field: time, format: epoch-millis}
                      key: {%s}
                      window: {size: 1m}
                      %s
                """.formatted(key, more.startsWith("sink") ? more : more + "\n      sink: {topic: rows}");
    }
}
