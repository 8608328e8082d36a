package io.tally.command.dryrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.UsageException;
import io.tally.plan.PipelineDefinition;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a dry run says of a source is what naive counting says, and what the pipeline would do with what it advises. */
class DryRunTest {
    private static final String SOURCE = "ip_count_source";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd_HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private final MemoryLog log = new MemoryLog().topic(SOURCE, 2);

    private void line(int partition, long time, String ip) {
        log.add(SOURCE, partition, time, ip, TIME.format(Instant.ofEpochMilli(time)) + " " + ip);
    }

    /** Two partitions, some lines out of order by up to 40 s, a few of them unreadable. */
    private void random(int records) {
        Random random = new Random(7);
        for (int i = 0; i < records; i++) {
            long time = START + 100L * i;
            long back = random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(3_000);
            int partition = random.nextInt(2);
            line(partition, time - back, "10." + partition + ".0." + random.nextInt(50));
            if (i % 100 == 0) {
                log.add(SOURCE, partition, time, "x", i % 200 == 0 ? "no-time x" : null);
            }
        }
    }

    private JsonNode json(PipelineDefinition pipeline, String... options) {
        String[] all = List.of(options).toArray(new String[options.length + 1]);
        all[options.length] = "--json";
        return CommandRun.of(new DryRun(), pipeline, log, all).json();
    }

    private static PipelineDefinition withGrace(String grace) {
        return CommandRun.pipeline("--tally.pipelines.ip-count.window.grace=" + grace);
    }

    /** One reading counts for each grace what a run with that grace counts. */
    @Test
    void countsWhatIsLateUnderSeveralGracesAtOnce() {
        random(20_000);
        JsonNode late = json(withGrace("5s"), "--grace=0s,3s,12s,60s").get("lateUnderGrace");

        assertThat(late.propertyNames()).containsExactly("0s", "3s", "5s", "12s", "1m");
        for (String grace : late.propertyNames()) {
            assertThat(json(withGrace(grace)).get("late").asLong())
                    .as("late under %s", grace)
                    .isEqualTo(late.get(grace).asLong());
        }
        assertThat(late.get("0s").asLong()).isGreaterThan(late.get("12s").asLong());
        assertThat(late.get("12s").asLong()).isPositive();
        assertThat(late.get("1m").asLong()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.01, 0.1})
    void advisesAGraceThatKeepsTheWantedRatio(double ratio) {
        random(20_000);
        String advice = json(withGrace("0s"), "--late-ratio=" + ratio)
                .get("advice")
                .get(0)
                .asString();
        String grace = advice.replaceFirst("window.grace: (\\S+) leaves.*", "$1");

        JsonNode with = json(withGrace(grace));
        double late = with.get("late").asLong();
        assertThat(late / (late + with.get("counted").asLong())).isLessThanOrEqualTo(ratio);
        assertThat(Integer.parseInt(grace.replaceAll("ms|s", ""))).isLessThanOrEqualTo(40_000);
    }

    @Test
    void countsWhatANaiveReaderCounts() {
        random(10_000);
        JsonNode found = json(withGrace("60s"));

        Set<String> keys = new HashSet<>();
        Map<Long, Set<String>> windows = new HashMap<>();
        for (int partition = 0; partition < 2; partition++) {
            long highest = Long.MIN_VALUE;
            Map<Long, Set<String>> here = new HashMap<>();
            for (MemoryLog.Entry entry : log.records(SOURCE, partition)) {
                String value = entry.value() == null ? "" : new String(entry.value());
                if (value.startsWith("2")) {
                    String[] parts = value.split(" ");
                    long time = Instant.from(TIME.parse(parts[0])).toEpochMilli();
                    highest = Math.max(highest, time);
                    keys.add(parts[1]);
                    here.computeIfAbsent(time / 5_000, start -> new HashSet<>()).add(parts[1]);
                }
            }
            long watermark = highest - 60_000;
            here.keySet().removeIf(window -> (window + 1) * 5_000 > watermark);
            here.forEach((window, ips) ->
                    windows.computeIfAbsent(window, start -> new HashSet<>()).addAll(ips));
        }
        List<Integer> sizes = windows.values().stream().map(Set::size).sorted().toList();
        assertThat(found.get("counted").asLong()).isEqualTo(10_000);
        assertThat(found.get("deadLettered").asLong()).isEqualTo(100);
        assertThat(found.get("deadLetters").get("BAD_TIMESTAMP").get("count").asLong())
                .isEqualTo(50);
        assertThat(found.get("deadLetters").get("EMPTY_VALUE").get("count").asLong())
                .isEqualTo(50);
        assertThat(found.get("distinctKeys").asLong()).isEqualTo(keys.size());
        assertThat(found.get("windows").asInt()).isEqualTo(sizes.size());
        assertThat(found.get("rows").asInt())
                .isEqualTo(sizes.stream().mapToInt(size -> size).sum());
        assertThat(found.get("rowsPerWindow").get("min").asInt()).isEqualTo(sizes.get(0));
        assertThat(found.get("rowsPerWindow").get("median").asInt()).isEqualTo(sizes.get(sizes.size() / 2));
        assertThat(found.get("rowsPerWindow").get("max").asInt()).isEqualTo(sizes.get(sizes.size() - 1));
        assertThat(found.get("openBytes").asLong()).isPositive();
        assertThat(found.get("stopped")).isEmpty();
    }

    @Test
    void showsHowFarEventsAreBehind() {
        line(0, START + 100_000, "a");
        line(0, START + 99_000, "a");
        line(0, START + 96_000, "a");
        line(0, START + 120_000, "a");
        line(0, START + 20_000, "a");

        JsonNode disorder = json(withGrace("5s")).get("disorder").get("0");
        assertThat(disorder.get("mostMillis").asLong()).isEqualTo(100_000);
        assertThat(disorder.get("behind").toString()).isEqualTo("{\"in order\":2,\"up to 1s\":1,\"5s\":1,\"5m\":1}");
    }

    @Test
    void showsValuesOnlyIfAsked() {
        log.add(SOURCE, 1, START, "secret-key", "no-time secret-ip");
        PipelineDefinition pipeline = withGrace("5s");

        CommandRun hidden = CommandRun.of(new DryRun(), pipeline, log);
        assertThat(hidden.text())
                .contains("BAD_TIMESTAMP", "ip_count_source-1@0")
                .doesNotContain("secret", "no-time");
        assertThat(CommandRun.of(new DryRun(), pipeline, log, "--json").text()).doesNotContain("secret", "no-time");
        assertThat(CommandRun.of(new DryRun(), pipeline, log, "--show-values").text())
                .contains("ip_count_source-1@0: field 'time' holds 'no-time'", "secret-ip");
    }

    @Test
    void readsTheRangeAlone() {
        for (int i = 0; i < 100; i++) {
            line(i % 2, START + 1_000L * i, "a" + i % 2);
        }
        PipelineDefinition pipeline = withGrace("5s");
        assertThat(json(pipeline, "--from=10", "--to=20").get("events").asLong())
                .isEqualTo(20);
        assertThat(json(pipeline, "--from=2026-01-01T00:01:00Z").get("events").asLong())
                .isEqualTo(40);
        assertThat(json(pipeline, "--max-records=30").get("events").asLong()).isEqualTo(30);
        assertThat(json(pipeline, "--from=end").get("events").asLong()).isZero();
        assertThatThrownBy(() -> json(pipeline, "--from=20", "--to=20")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> json(pipeline, "--from=-1h", "--to=2026-01-01"))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void readsAsManyAsAreAskedFor() {
        log.topic(SOURCE, 5);
        int all = 0;
        for (int partition : new int[] {0, 1, 1, 1, 3, 4, 4, 4, 4, 4, 4, 4}) {
            line(partition, START + 1_000L * all++, "a" + partition);
        }
        PipelineDefinition pipeline = withGrace("5s");
        for (int most = 1; most <= all + 1; most++) {
            assertThat(json(pipeline, "--max-records=" + most).get("events").asInt())
                    .as("of %s, at most %s", all, most)
                    .isEqualTo(Math.min(most, all));
        }
    }

    /** The source need not have what came long before. */
    @Test
    void advisesNoIntervalOfDaysWhereLittleComes() {
        for (int i = 0; i < 10; i++) {
            line(0, START + 86_400_000L * i, "a");
        }
        assertThat(json(CommandRun.pipeline("--tally.pipelines.ip-count.window.size=7d"))
                        .get("advice")
                        .get(1)
                        .asString())
                .startsWith("checkpoint.interval: 1h;");
        assertThat(json(CommandRun.pipeline(
                                "--tally.pipelines.ip-count.window.type=none",
                                "--tally.pipelines.ip-count.window.ttl=1d",
                                "--tally.pipelines.ip-count.sink.template={key} {count}"))
                        .get("advice")
                        .get(1)
                        .asString())
                .startsWith("checkpoint.interval: 1h;")
                .contains("Totals stay, so their state is written");
    }

    @Test
    void saysWhereAPartitionWouldStop() {
        for (int i = 0; i < 10; i++) {
            line(0, START, "10.0.0." + i);
        }
        CommandRun run =
                CommandRun.of(new DryRun(), CommandRun.pipeline("--tally.pipelines.ip-count.max-open-entries=4"), log);

        assertThat(run.code()).isEqualTo(ExitCode.FOUND);
        assertThat(run.text()).contains("STOPPED at ip_count_source-0@4", "max-open-entries");
    }

    @Test
    void complainsIfHardlyAnythingIsCounted() {
        for (int i = 0; i < 20; i++) {
            log.add(SOURCE, 0, START, "a", "something else");
        }
        assertThat(CommandRun.of(new DryRun(), withGrace("5s"), log).code()).isEqualTo(ExitCode.FOUND);
    }

    @Test
    void judgesOnlyTheConfiguredGraceOfSessions() {
        random(1_000);
        PipelineDefinition sessions = CommandRun.pipeline(
                "--tally.pipelines.ip-count.window.type=session", "--tally.pipelines.ip-count.window.gap=5s");

        assertThat(json(sessions).get("advice").get(0).asString()).contains("only the configured grace");
        assertThat(json(sessions).get("rows").asLong()).isPositive();
        assertThatThrownBy(() -> json(sessions, "--grace=1s")).isInstanceOf(UsageException.class);
    }

    /** Lateness is decided before a shuffle; rows are not put together here. */
    @Test
    void readsTheSourceOfAShuffle() {
        for (int i = 0; i < 100; i++) {
            line(i % 2, START + 1_000L * i, "a");
        }
        JsonNode found = json(CommandRun.pipeline("--tally.pipelines.ip-count.shuffle=always"));

        assertThat(found.get("counted").asLong()).isEqualTo(100);
        assertThat(found.get("rowsPerWindow").get("max").asLong()).isEqualTo(2);
        assertThat(found.get("notes").get(0).asString()).startsWith("with a shuffle");
        assertThat(found.get("stopped")).isEmpty();
    }

    @Test
    void refusesASourceThatIsNotThere() {
        MemoryLog empty = new MemoryLog();
        assertThatThrownBy(() -> CommandRun.of(new DryRun(), withGrace("5s"), empty))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("ip_count_source does not exist");
    }

    @Test
    void estimatesManyKeys() {
        DistinctKeys keys = new DistinctKeys();
        for (int i = 0; i < 2_000_000; i++) {
            byte[] key = ("key-" + i % 1_500_000).getBytes();
            keys.add(key, 0, key.length);
            if (i == 999_999) {
                assertThat(keys.isExact()).isTrue();
                assertThat(keys.count()).isEqualTo(1_000_000);
            }
        }
        assertThat(keys.isExact()).isFalse();
        assertThat(keys.count() / 1_500_000.0).isBetween(0.97, 1.03);
    }

    @Test
    void findsTheNumberThatFewReach() {
        Random random = new Random(3);
        LogHistogram histogram = new LogHistogram();
        List<Long> numbers = random.longs(10_000, 0, 1L << 40)
                .mapToObj(number -> number >>> random.nextInt(40))
                .collect(Collectors.toList());
        numbers.forEach(histogram::add);
        histogram.add(Long.MAX_VALUE / 4);
        for (long most : new long[] {0, 1, 10, 1_000, 10_000}) {
            long bound = histogram.reachedByAtMost(most);
            assertThat(numbers.stream().filter(number -> number >= bound).count())
                    .isLessThanOrEqualTo(most);
            long less = bound - bound / 8 - 1;
            assertThat(1 + numbers.stream().filter(number -> number >= less).count())
                    .as("it is not much too large")
                    .isGreaterThan(most == 0 ? 0 : most);
        }
    }
}
