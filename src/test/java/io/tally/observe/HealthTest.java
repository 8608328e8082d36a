package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.PipelineStatus.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** The rules of health as a table: each state that a pipeline can be in, and what readiness and liveness say. */
class HealthTest {
    private static final Status UP = Status.UP;
    private static final Status DOWN = Status.DOWN;
    private static final Instant JUST_NOW = Views.NOW.minus(Duration.ofMinutes(9));
    private static final String STATUS = "(up|down|out of service)";
    private static final Pattern RULE =
            Pattern.compile("<tr><td>(.*?)</td>\\s*<td>" + STATUS + "\\s*</td>\\s*<td>" + STATUS + "\\s*</td></tr>");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.*) \\| " + STATUS + " \\| " + STATUS + " \\|$");
    private static final Instant LONG_AGO = Views.NOW.minus(Duration.ofMinutes(11));

    /** @param says what the details of the indicator that is not up say */
    record Row(String state, PipelineStatus pipeline, Status readiness, Status liveness, String says) {
        @Override
        public String toString() {
            return state;
        }
    }

    static Stream<Row> rules() {
        return Stream.of(
                row("all partitions active", lanes(Views.lane(Views.active(0))), UP, UP, ""),
                row("no partition", lanes(Views.lane()), UP, UP, ""),
                row("waits", Views.waiting("no usable answer"), DOWN, UP, "no usable answer"),
                row("is starting", pipeline(Phase.WAITING, true, JUST_NOW), DOWN, UP, "the pipeline is WAITING"),
                row("stopped with the application", pipeline(Phase.STOPPED, false, LONG_AGO), DOWN, UP, "STOPPED"),
                row("lane fails", lanes(lane(true, false, "no answer", Views.NOW)), DOWN, UP, "lane 0: no answer"),
                row("lane has ended", lanes(lane(false, true, "same id", LONG_AGO)), DOWN, UP, "lane 0: same id"),
                row(
                        "refused",
                        lanes(Views.lane(Views.active(0), Views.refused(1))),
                        DOWN,
                        UP,
                        "partition 1 is refused: entries are missing Remedy: restore the topic"),
                row(
                        "counts nothing",
                        lanes(Views.lane(Views.active(0), Views.uncounted(1, true))),
                        DOWN,
                        UP,
                        "partition 1: nearly all are late"),
                row("filters all", lanes(Views.lane(Views.uncounted(1, false))), UP, UP, ""),
                row(
                        "restoring",
                        lanes(Views.lane(Views.active(0), Views.restoring(1))),
                        Status.OUT_OF_SERVICE,
                        UP,
                        "partition 1: replaying the source: offset 7 of 9"),
                row(
                        "paused by an operator",
                        Views.paused(Views.lane(Views.active(0))),
                        Status.OUT_OF_SERVICE,
                        UP,
                        "an operator has paused it in this instance since 2026-01-01T00:09:00Z"),
                row(
                        "paused and refused",
                        Views.paused(Views.lane(Views.refused(1))),
                        DOWN,
                        UP,
                        "partition 1 is refused"),
                row(
                        "restore fails",
                        lanes(Views.lane(Views.active(0), Views.restoring(1, "not allowed"))),
                        DOWN,
                        UP,
                        "partition 1: not allowed"),
                row("lane polled a while ago", lanes(lane(true, false, null, JUST_NOW)), UP, UP, ""),
                // Also a lane that has never polled; it counts from when it was made.
                row(
                        "lane hangs",
                        lanes(lane(true, false, null, LONG_AGO)),
                        DOWN,
                        DOWN,
                        "visits-0=The consumer thread has not polled since 2025-12-31T23:59:00Z"),
                row(
                        "lane has died",
                        lanes(lane(false, false, null, Views.NOW)),
                        DOWN,
                        DOWN,
                        "visits-0=The consumer thread has died"),
                row(
                        "lane has died while its pipeline stops its lanes",
                        pipeline(Phase.WAITING, true, Views.NOW, lane(false, false, null, LONG_AGO)),
                        DOWN,
                        UP,
                        "WAITING"),
                row(
                        "lane hangs, so that it does not stop with the others",
                        pipeline(Phase.WAITING, true, Views.NOW, lane(true, false, null, LONG_AGO)),
                        DOWN,
                        DOWN,
                        "visits-0=The consumer thread has not polled since"),
                row(
                        "lanes are being started",
                        pipeline(Phase.WAITING, true, Views.NOW, lane(true, false, null, JUST_NOW)),
                        DOWN,
                        UP,
                        "WAITING"),
                row(
                        "lanes run unwatched",
                        pipeline(Phase.RUNNING, false, Views.NOW, Views.lane(Views.active(0))),
                        DOWN,
                        DOWN,
                        "visits-watch=The thread that watches broker and topics has died"),
                row("nobody starts the lanes", pipeline(Phase.WAITING, false, Views.NOW), DOWN, DOWN, "has died"),
                row(
                        "watching hangs",
                        pipeline(Phase.RUNNING, true, LONG_AGO, Views.lane(Views.active(0))),
                        DOWN,
                        DOWN,
                        "has not looked since 2025-12-31T23:59:00Z"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void followsTheRules(Row row) {
        Health readiness = readiness(row.pipeline);
        Health liveness = liveness(row.pipeline);
        assertThat(readiness.getStatus()).as("readiness").isEqualTo(row.readiness);
        assertThat(liveness.getStatus()).as("liveness").isEqualTo(row.liveness);
        if (!row.readiness.equals(UP)) {
            assertThat(readiness.getDetails().toString()).contains(row.says.replace("=", ": "));
        }
        if (row.liveness.equals(DOWN)) {
            assertThat(liveness.getDetails().toString()).contains(row.says);
        }
    }

    /** The table for operators has the rules of the code, row by row. */
    @Test
    void areDocumented() throws Exception {
        List<List<String>> rules = new ArrayList<>();
        Matcher rule = RULE.matcher(Files.readString(Path.of("src/main/java/io/tally/pipeline/status/HealthRules.java"))
                .replaceAll("\\s+\\*\\s", " "));
        while (rule.find()) {
            rules.add(List.of(rule.group(1), rule.group(2), rule.group(3)));
        }
        List<List<String>> rows = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("docs/operations.md")));
        while (row.find()) {
            rows.add(List.of(row.group(1), row.group(2), row.group(3)));
        }
        assertThat(rules).hasSizeGreaterThan(5);
        assertThat(rows).hasSameSizeAs(rules);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i).subList(1, 3)).isEqualTo(rules.get(i).subList(1, 3));
            assertThat(rows.get(i).get(0))
                    .contains(rules.get(i).get(0).replaceAll("\\(.*", "").split("\\W+\\w{0,4}\\W+|\\W+"));
        }
    }

    @Test
    void saysThatKeysAreSpreadThoughItIsUp() {
        Health health = readiness(Views.spread(Views.lane(Views.active(0))));

        assertThat(health.getStatus()).isEqualTo(UP);
        assertThat(health.getDetails().toString())
                .contains("findings=[the key of requests-1@1 came in partitions [0, 1]]");
    }

    @Test
    void isDownRatherThanOutOfService() {
        Health health = readiness(lanes(Views.lane(Views.refused(0))), lanes(Views.lane(Views.restoring(1))));

        assertThat(health.getStatus()).isEqualTo(DOWN);
    }

    private static Row row(String state, PipelineStatus pipeline, Status readiness, Status liveness, String says) {
        return new Row(state, pipeline, readiness, liveness, says);
    }

    private static LaneStatus lane(boolean running, boolean ended, @Nullable String problem, Instant lastPoll) {
        return Views.lane(running, ended, problem, lastPoll);
    }

    private static PipelineStatus lanes(LaneStatus... lanes) {
        return Views.pipeline(lanes);
    }

    private static PipelineStatus pipeline(Phase phase, boolean watched, Instant lastLook, LaneStatus... lanes) {
        return Views.pipeline(phase, null, watched, lastLook, lanes);
    }

    private static Health readiness(PipelineStatus... pipelines) {
        Health health =
                new PipelinesHealthIndicator(() -> List.of(pipelines), Clock.fixed(Views.NOW, ZoneOffset.UTC)).health();
        assertThat(health).isNotNull();
        return health;
    }

    private static Health liveness(PipelineStatus... pipelines) {
        Health health =
                new LanesHealthIndicator(() -> List.of(pipelines), Clock.fixed(Views.NOW, ZoneOffset.UTC)).health();
        assertThat(health).isNotNull();
        return health;
    }
}
