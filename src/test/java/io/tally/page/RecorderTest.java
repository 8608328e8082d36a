package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.Ledger;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.status.DataVisibility;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.TransactionSize;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecorderTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long HIGHEST = START.toEpochMilli() - 3_000;

    private static final TransactionSize SIZE = new TransactionSize(1, 1, 1);

    private final EventLog log = new EventLog();
    private final Hand clock = new Hand();
    private final PageEvents events = new PageEvents(clock, log, DataVisibility.SHOW);
    private PipelineStatus status =
            running(Statuses.active(0, HIGHEST, START), Statuses.active(1, HIGHEST - 7_000, START));
    private final Recorder recorder = new Recorder(() -> List.of(status), events, log, clock);

    @Test
    void countsPerSecondWhatIsCommitted() {
        recorder.look();
        commit(new Ledger(90, 6, 4, 0), 20);
        events.transaction("visits", 0, SIZE, Duration.ofMillis(100), Duration.ofMillis(7));
        events.transaction("visits", 0, SIZE, Duration.ofMillis(100), Duration.ofMillis(5));
        clock.forward(2_000);

        Second second = recorder.look().pipelines().get(0).now();

        assertThat(second.records()).isEqualTo(50);
        assertThat(second.rows()).isEqualTo(10);
        assertThat(second.late()).isEqualTo(3);
        assertThat(second.deadLetters()).isEqualTo(2);
        assertThat(second.commit()).isEqualTo(7);
        clock.forward(1_000);
        second = recorder.look().pipelines().get(0).now();
        assertThat(second.records()).isZero();
        assertThat(second.commit()).isNull();
    }

    @Test
    void lagsAsTheSlowestPartition() {
        assertThat(recorder.look().pipelines().get(0).now().lag()).isEqualTo(10);

        status = running(Statuses.fresh(0));
        assertThat(recorder.look().pipelines().get(0).now().lag()).isNull();
    }

    @Test
    void remembersAQuarterOfAnHourAndLeavesGapsWhereItDidNotLook() {
        for (int i = 0; i < 2 * Series.SECONDS; i++) {
            commit(new Ledger(i, 0, 0, 0), 0);
            recorder.look();
            clock.forward(1_000);
        }
        clock.forward(2_000);
        commit(new Ledger(30, 0, 0, 0), 0);
        List<@Nullable Float> records = history("records");

        assertThat(records).hasSize(Series.SECONDS);
        assertThat(records.subList(Series.SECONDS - 4, Series.SECONDS)).containsExactly(1799f, null, null, 10f);
        assertThat(records.get(0)).isEqualTo(903);
        assertThat(history("lag")).doesNotContain(Float.NaN);
    }

    @Test
    void notesWhenAPipelineFallsIllAndIsWellAgain() {
        recorder.look();
        assertThat(log.all()).as("nothing has happened").isEmpty();
        status = running(Statuses.refused(0, Statuses.REFUSAL));
        recorder.look();
        clock.forward(1_000);
        recorder.look();
        status = running(Statuses.active(0, HIGHEST, START));
        PageView view = recorder.look();

        assertThat(view.events())
                .extracting(EventLog.Event::kind)
                .containsExactly(EventLog.Kind.WELL, EventLog.Kind.PROBLEM);
        assertThat(log.all().get(1).text()).contains(Statuses.REFUSAL.problem(), Statuses.REFUSAL.remedy());
        assertThat(recorder.look().events()).as("nothing new").isNull();
    }

    @Test
    void notesWhenAnOperatorPausesAPipeline() {
        List<PartitionStatus> partitions = List.of(Statuses.active(0, HIGHEST, START));
        recorder.look();
        status = Statuses.paused("visits", START, START, partitions);
        PageView.Pipeline paused = recorder.look().pipelines().get(0);
        status = Statuses.paused("visits", START, START, List.of(Statuses.refused(0, Statuses.REFUSAL)));
        assertThat(recorder.look().pipelines().get(0).state()).isEqualTo(PageView.State.PROBLEM);
        status = Statuses.running("visits", START, partitions);
        PageView.Pipeline resumed = recorder.look().pipelines().get(0);

        assertThat(paused.state()).isEqualTo(PageView.State.PAUSED);
        assertThat(paused.paused()).isEqualTo(START.toEpochMilli());
        assertThat(resumed.state()).isEqualTo(PageView.State.WELL);
        assertThat(resumed.paused()).isNull();
        assertThat(log.all())
                .extracting(EventLog.Event::kind)
                .containsExactly(EventLog.Kind.WELL, EventLog.Kind.PROBLEM, EventLog.Kind.PAUSED);
    }

    @Test
    void tellsWhyATransactionFailedByItsInnermostCause() {
        events.aborted(
                "visits", 1, false, new IllegalStateException("outer", new IllegalArgumentException("no answer")));

        assertThat(log.all())
                .singleElement()
                .satisfies(event -> assertThat(event.text()).isEqualTo("IllegalArgumentException: no answer"));
    }

    @Test
    void showsOfVeryManyPartitionsThoseFurthestBack() {
        List<PartitionStatus> many = new ArrayList<>();
        for (int partition = 0; partition < 1_000; partition++) {
            many.add(
                    partition == 997
                            ? Statuses.refused(partition, Statuses.REFUSAL)
                            : Statuses.active(partition, HIGHEST - partition * 1_000L, START));
        }
        status = Statuses.running("visits", START, many);

        PageView.Pipeline view = recorder.look().pipelines().get(0);

        assertThat(view.partitions())
                .hasSize(PipelineViews.MOST_PARTITIONS)
                .extracting(PageView.Partition::partition)
                .contains(997, 999, 800)
                .doesNotContain(799)
                .isSorted();
        assertThat(view.partitions())
                .filteredOn(partition -> partition.open() != null)
                .as("open windows of those that have a lane")
                .hasSize(PipelineViews.MOST_DETAILED - 1)
                .extracting(PageView.Partition::partition)
                .contains(999)
                .doesNotContain(800);
        PageView.Rest rest = view.rest();
        assertThat(rest).isNotNull();
        assertThat(rest.partitions()).isEqualTo(800);
        assertThat(rest.maxWatermark()).isEqualTo(HIGHEST - 5_000);
        assertThat(view.windows())
                .isEqualTo(rest.windows()
                        + view.partitions().stream()
                                .mapToInt(PageView.Partition::windows)
                                .sum());
    }

    @Test
    void tellsTheFirstProblemsAndHowManyMoreThereAre() {
        List<PartitionStatus> many = new ArrayList<>();
        for (int partition = 0; partition < 30; partition++) {
            many.add(Statuses.refused(partition, Statuses.REFUSAL));
        }
        status = Statuses.running("visits", START, many);

        PageView.Pipeline view = recorder.look().pipelines().get(0);

        assertThat(view.state()).isEqualTo(PageView.State.PROBLEM);
        assertThat(view.problems()).hasSize(PipelineViews.MOST_PROBLEMS);
        assertThat(view.moreProblems()).isEqualTo(25);
    }

    /** Neither a refusal nor a failed transaction tells what records hold. */
    @Test
    void hidesWhatTextsQuoteWhereValuesAreHidden() {
        Refusal refusal = new Refusal("key 'secret' came twice", "have a shuffle", "a key came twice");
        PageEvents hiding = new PageEvents(clock, log, DataVisibility.HIDE);
        status = running(Statuses.refused(0, refusal));
        hiding.refused("visits", 0, refusal);
        hiding.aborted("visits", 0, true, new IllegalStateException(new RefusedException(refusal)));
        hiding.aborted("visits", 0, true, new NumberFormatException("For input string: 'secret'"));
        hiding.aborted("visits", 0, true, new TimeoutException("no answer from the broker"));
        Recorder hidden = new Recorder(() -> List.of(status), hiding, log, clock);
        JsonMapper mapper = new JsonMapper();

        assertThat(mapper.writeValueAsString(hidden.whole(hidden.look())))
                .doesNotContain("secret")
                .contains("a key came twice", "have a shuffle", "no answer from the broker");
        assertThat(hiding.takesSamples()).isFalse();

        events.refused("visits", 0, refusal);
        assertThat(mapper.writeValueAsString(recorder.whole(recorder.look()))).contains("key 'secret' came twice");
        assertThat(events.takesSamples()).isTrue();
    }

    /** The page reads these names. */
    @Test
    void isJsonThatThePageKnows() {
        status = running(Statuses.active(3, HIGHEST, START, new SlowestSource(2, null, null, null)));
        JsonMapper mapper = new JsonMapper();
        JsonNode view = mapper.readTree(mapper.writeValueAsString(recorder.whole(recorder.look())));

        JsonNode pipeline = view.at("/pipelines/0");
        assertThat(pipeline.at("/state").asString()).isEqualTo("WELL");
        assertThat(pipeline.at("/isMerge").asBoolean()).isTrue();
        assertThat(pipeline.at("/grace").asLong()).isEqualTo(5_000);
        assertThat(pipeline.at("/partitions/0/watermark").asLong()).isEqualTo(HIGHEST - 5_000);
        assertThat(pipeline.at("/partitions/0/waitsFor").toString())
                .isEqualTo("{\"partition\":2,\"watermark\":null,\"offset\":null,\"since\":null,\"isIdle\":false}");
        assertThat(pipeline.at("/partitions/0/open").toString())
                .startsWith("{\"shape\":\"WINDOWS\",\"oldest\":[{\"start\":")
                .endsWith(",\"keys\":20}],\"more\":0,\"isExact\":true,\"sources\":[]}");
        assertThat(view.at("/history/visits").propertyNames())
                .containsExactlyElementsOf(pipeline.at("/now").propertyNames());
        assertThat(view.at("/history/visits/lag/899").asDouble()).isEqualTo(3);
        assertThat(view.at("/history/visits/commit/899").isNull()).isTrue();
    }

    private List<@Nullable Float> history(String name) {
        var values = recorder.whole(recorder.look()).history();
        assertThat(values).isNotNull();
        return values.get("visits").get(name);
    }

    private void commit(Ledger delta, long rows) {
        events.committed(
                "visits",
                0,
                delta,
                rows,
                0,
                java.util.Objects.requireNonNull(
                        Statuses.active(0, HIGHEST, START).committed()));
    }

    private static PipelineStatus running(PartitionStatus... partitions) {
        return Statuses.running("visits", START, List.of(partitions));
    }

    private static final class Hand extends Clock {
        private Instant now = START;

        void forward(long millis) {
            now = now.plusMillis(millis);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
