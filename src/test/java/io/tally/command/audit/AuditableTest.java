package io.tally.command.audit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryPipeline;
import io.tally.command.frame.UsageException;
import io.tally.plan.PipelineDefinition;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be decided is refused, with the reason. */
class AuditableTest {
    private static final String SOURCE = "ip_count_source";
    private static final String SINK = "ip_count_sink";

    private final MemoryLog log = new MemoryLog().topic(SOURCE, 2);

    private static String[] properties(String line) {
        return Stream.of(line.split("; "))
                .map(property -> "--tally.pipelines.ip-count." + property)
                .toArray(String[]::new);
    }

    /** One in each partition. */
    private void lines() {
        for (int partition = 0; partition < 2; partition++) {
            log.add(SOURCE, partition, 0, "a", "2026-01-01_00:00:00 a");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shuffle=always; key.verify=false; window.type=none; window.ttl=1h; emit=final -> the beginning of a total",
                "shuffle=always; key.verify=false; window.type=session; window.gap=5s; emit=updates -> sessions may have several",
                "idle-timeout=1m; window.type=hopping; window.size=10s; window.advance=5s -> windows overlap and it has an idle",
                "idle-timeout=1m; window.type=session; window.gap=5s; emit=updates -> may have several rows and it has an idle",
                "idle-timeout=1m; shuffle=always; key.verify=false -> a shuffle and an idle-timeout",
                "idle-timeout=1m; window.allowed-lateness=5s; sink.template={start} {key} -> do not count each record",
                "idle-timeout=1m; window.type=none; window.ttl=1h; emit=final; sink.template={key} -> do not count each",
                "sink.template={key} {count} -> do not say their window"
            })
    void refusesWhatItCannotAuditExactly(String line) {
        String[] parts = line.split(" -> ");
        PipelineDefinition pipeline = CommandRun.pipeline(properties(parts[0]));
        assertThatThrownBy(() -> CommandRun.of(new Audit(), pipeline, log))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("The pipeline ip-count cannot be audited exactly: ")
                .hasMessageContaining(parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.type=session; window.gap=5s",
                "window.type=none; window.ttl=1h; emit=final",
            })
    void refusesKeysInSeveralPartitionsIfRowsTellWhatIsLate(String line) {
        lines();
        PipelineDefinition pipeline = CommandRun.pipeline(
                properties(line + "; idle-timeout=1m; key.verify=false; shuffle=never; key.spread=warn"));
        MemoryPipeline.run(pipeline, log);
        assertThatThrownBy(() -> CommandRun.of(new Audit(), pipeline, log))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("keys in several partitions of the source");
    }

    @Test
    void refusesATotalInACompactedSinkThatTheClockMayHaveEnded() {
        lines();
        PipelineDefinition pipeline =
                CommandRun.pipeline(properties("window.type=none; window.ttl=1h; emit=final; idle-timeout=1m"));
        MemoryPipeline.run(pipeline, log);
        log.compact(SINK);
        assertThatThrownBy(() -> CommandRun.of(new Audit(), pipeline, log))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("its sink ip_count_sink is compacted");
    }
}
