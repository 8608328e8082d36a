package io.tally.command.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryPipeline;
import io.tally.command.frame.ExitCode;
import io.tally.plan.PipelineDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a row shows of a key is read as readers of rows are told to. */
class RowKeyTest {
    private static final String SOURCE = "ip_count_source";
    private static final String P = "--tally.pipelines.ip-count.";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            quoteCharacter = '`',
            value = {
                "10.0.0.7                 | --key='10.0.0.7'",
                "a\\u0020b\\\\c           | --key='a b\\c'",
                "x\\ud83d\\ude00          | --key='x😀'",
                "it's \\\"so\\\"          | --key='it'\\''s \"so\"'",
                "two\\nlines\\u0027s      | --key=$'two\\u000alines\\'s'",
                "no \\escape \\u12       | --key='no \\escape \\u12'",
                "[\"a\\u0020b\", \"c\\\"d\"] | --key='[\"a b\",\"c\\\"d\"]'",
                "[\"one\\u0020only\"]    | --key='[\"one only\"]'",
            })
    void readsAKeyAsARowShowsIt(String shown, String option) {
        assertThat(RowKey.option(RowKey.of(shown))).isEqualTo(option);
    }

    /**
     * A key copied from a row has its escapes, but may be meant as it is: of two real keys none is taken for the other.
     */
    @Test
    void saysWhichKeyIsMeantByOneFromARow() {
        MemoryLog log = new MemoryLog().topic(SOURCE, 1);
        PipelineDefinition pipeline = CommandRun.pipeline(P + "key.verify=false", P + "shuffle=never");
        for (int second = 0; second < 60; second++) {
            long time = LineModel.START + 1_000L * second;
            log.add(SOURCE, 0, time, "k", LineModel.line(time, second % 2 == 0 ? "a\\b" : "c\\\\d"));
        }
        MemoryPipeline.runByKey(pipeline, log);
        assertThat(LineModel.text(log.records("ip_count_sink", 0).get(0).value()))
                .isEqualTo("2026-01-01_00:00:00 a\\\\b 3");

        CommandRun run = explain(pipeline, log, "a\\\\b");
        assertThat(run.code()).isEqualTo(ExitCode.GOOD);
        assertThat(run.text())
                .contains("There is no record of the key in this window", "without them it is --key='a\\b'");
        for (String known : List.of("a\\b", "c\\\\d")) {
            assertThat(explain(pipeline, log, known).text())
                    .contains("EXPLAINED")
                    .doesNotContain("--key");
        }
        assertThat(explain(pipeline, log, "other").text())
                .contains("There is no record of the key in this window")
                .doesNotContain("--key");
    }

    private static CommandRun explain(PipelineDefinition pipeline, MemoryLog log, String key) {
        return CommandRun.of(new Explain(), pipeline, log, "--key=" + key, "--window=2026-01-01T00:00:00Z");
    }
}
