package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionReport;
import io.tally.pipeline.control.WatermarkOrder;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.Log;
import io.tally.testkafka.TestBed;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One record of a wrong clock has moved the watermark, and an operator sets it back. */
@Timeout(180)
class WatermarkIT {
    private static final long WRONG = Instant.parse("2099-01-01T00:00:00Z").toEpochMilli();

    @RegisterExtension
    final TestBed bed = new TestBed(2);

    private Input input;
    private long start;
    private final List<String> expected = new ArrayList<>();

    private Instance begin() {
        bed.pipeline.template("{start} {key} {count}");
        input = bed.input();
        start = input.time();
        return bed.started("a");
    }

    private void send(int partition, long time, int times) {
        for (int i = 0; i < times; i++) {
            input.send(partition, 1, time);
        }
        input.flush();
        bed.awaitProcessed();
    }

    private void expect(int partition, long windowStart, int count) {
        expected.add(windowStart + " p" + partition + "-k1 " + count);
    }

    private void assertRows() {
        bed.awaitProcessed();
        expected.sort(null);
        await("the rows")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(bed.rows()).isEqualTo(expected));
    }

    private static PartitionReport only(List<LaneReport> answer) {
        assertThat(answer).hasSize(1);
        assertThat(answer.get(0).partitions()).as("%s", answer).hasSize(1);
        return answer.get(0).partitions().get(0);
    }

    private List<LaneReport> setBack(Instance instance, @Nullable Integer partition, boolean close) {
        return instance.control().setBack(new WatermarkOrder(partition, start, close));
    }

    private void poison() {
        send(0, start, 2);
        send(1, start, 2);
        send(0, WRONG, 1);
        expect(0, start, 2);
        // The other partition has its own watermark.
        send(0, start + 1, 3);
        assertThat(bed.progress(0).metadata().ledger().late()).isEqualTo(3);
        assertThat(bed.progress(0).metadata().watermark()).isEqualTo(WRONG - LinesPipeline.GRACE.toMillis());
    }

    /** Rows as after a new start, but that the window of the wrong time is still there. */
    private void goOn(boolean isWrongKept) {
        send(0, start + 2, 4);
        send(0, start + 60_000, 1);
        expect(0, start, 4);
        send(1, start + 60_000, 1);
        expect(1, start, 2);
        send(0, WRONG + 1, 1);
        expect(0, start + 60_000, 1);
        send(0, WRONG + 60_000, 1);
        expect(0, WRONG, isWrongKept ? 2 : 1);
        assertRows();
        assertThat(bed.log().read(bed.topics().late())).hasSize(3);
        TestBed.Progress progress = bed.progress(0);
        assertThat(progress.metadata().ledger().records() + progress.metadata().birthOffset())
                .isEqualTo(progress.offset());
    }

    /** With or without a crash right after it, or later with records to replay. */
    @ParameterizedTest
    @ValueSource(strings = {"goes on", "is killed at once", "is killed later", "stops"})
    void countsAgain(String then) {
        Instance instance = begin();
        poison();

        PartitionReport report = only(setBack(instance, 0, false));

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.DONE);
        assertThat(report.watermark()).isEqualTo(start);
        assertThat(report.text()).contains("add it to the row before", "1 (window, key) entries stay");
        TestBed.Progress progress = bed.progress(0);
        assertThat(progress.metadata().watermark()).isEqualTo(start);
        assertThat(progress.offset()).isEqualTo(report.offset()).isEqualTo(6);
        assertThat(progress.metadata().recoveryOffset()).isEqualTo(6);
        switch (then) {
            case "is killed at once" -> restart(instance, true);
            case "stops" -> restart(instance, false);
            case "is killed later" -> {
                instance.awaitActive(2);
                send(0, start + 2, 1);
                // One of those to come.
                Instance next = restart(instance, true);
                assertThat(next.events().replayed()).isPositive();
                send(0, start + 2, 3);
                send(0, start + 60_000, 1);
                expect(0, start, 4);
                assertRows();
                return;
            }
            default -> instance.awaitActive(2);
        }
        goOn(true);
    }

    private Instance restart(Instance instance, boolean kill) {
        if (kill) {
            instance.kill();
        } else {
            instance.stop();
        }
        return bed.started("a");
    }

    /** The commit may have happened or not; either way everything fits together. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLostAnswerLosesNothing(boolean committed) {
        Instance instance = begin();
        poison();
        // Nothing is to be written before.
        assertThat(instance.control().checkpoint().get(0).outcome()).isEqualTo(Outcome.DONE);
        instance.faults().nextProducerCalls(1, "commitTransaction", call -> {
            if (committed) {
                call.proceed();
            }
            throw new TimeoutException("the answer was lost");
        });

        PartitionReport report = only(setBack(instance, 0, false));

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        await("the rebuild").until(() -> instance.events().restores.size() == 4);
        instance.awaitActive(2);
        assertThat(bed.progress(0).metadata().watermark() == start).isEqualTo(committed);
        PartitionReport again = only(setBack(instance, 0, false));
        assertThat(again.outcome()).isEqualTo(Outcome.DONE);
        assertThat(again.watermark()).isEqualTo(start);
        assertThat(String.valueOf(again.text()).contains("nothing to do")).isEqualTo(committed);
        instance.awaitActive(2);
        goOn(true);
    }

    @Test
    void theProcessDiesInTheMiddle() {
        Instance instance = begin();
        poison();
        instance.faults().nextProducerCalls(1, "commitTransaction", call -> {
            Object result = call.proceed();
            instance.faults().kill();
            return result;
        });

        setBack(instance, 0, false);

        // It was the checkpoint before the commit: that is whole.
        PartitionReport report = only(setBack(restart(instance, true), 0, false));
        assertThat(report.outcome()).isEqualTo(Outcome.DONE);
        assertThat(report.watermark()).isEqualTo(start);
    }

    @Test
    void allThatIsOpenLeavesFirst() {
        bed.pipeline.maxRowsPerTransaction(1);
        Instance instance = begin();
        poison();
        input.send(0, 2, WRONG);
        input.flush();
        bed.awaitProcessed();

        PartitionReport report = only(setBack(instance, 0, true));

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.DONE);
        expected.add(WRONG + " p0-k1 1");
        expected.add(WRONG + " p0-k2 1");
        instance.awaitActive(2);
        assertThat(bed.progress(0).metadata().storedEntries()).isZero();
        goOn(false);
    }

    /** An idle timeout would have the watermark run away again. */
    @Test
    void nothingIsLeftOpenThatSilenceWouldClose() {
        bed.pipeline.idleTimeout(Duration.ofSeconds(2));
        Instance instance = begin();
        send(0, start, 2);
        send(0, WRONG, 1);
        PartitionReport refused = only(setBack(instance, 0, false));
        if (refused.outcome() == Outcome.REFUSED) {
            // Unless the timeout has closed the window of the wrong time already.
            assertThat(refused.text()).contains("idle timeout", "close=true");
            assertThat(only(setBack(instance, 0, true)).outcome()).isEqualTo(Outcome.DONE);
        }
        instance.awaitActive(2);
        send(0, start + 2, 4);
        expected.addAll(List.of(start + " p0-k1 2", start + " p0-k1 4", WRONG + " p0-k1 1"));
        assertRows();
        assertThat(bed.progress(0).metadata().watermark()).isEqualTo(start + LinesPipeline.SIZE.toMillis());
    }

    enum Kind {
        UPDATES(new WindowKind.Aligned(Windowing.tumbling(LinesPipeline.SIZE)), Duration.ZERO, Emission.UPDATES),
        KEPT(new WindowKind.Aligned(Windowing.tumbling(LinesPipeline.SIZE)), Duration.ofDays(1), Emission.FINAL),
        SESSIONS(new WindowKind.Sessions(LinesPipeline.SIZE), Duration.ZERO, Emission.FINAL),
        TOTALS_WITH_TTL(new WindowKind.Totals(LinesPipeline.SIZE), Duration.ZERO, Emission.FINAL),
        TOTALS(new WindowKind.Totals(null), Duration.ZERO, Emission.UPDATES);

        final WindowSpec window;

        Kind(WindowKind windows, Duration lateness, Emission emission) {
            window = new WindowSpec(windows, LinesPipeline.GRACE, lateness, emission);
        }
    }

    /** A record that comes afterwards is counted, alone or with those before, also after a crash. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void holdsForWindowsOfAnyKind(Kind kind) {
        bed.pipeline.window(kind.window);
        Instance instance = begin();
        send(0, start, 3);
        input.send(0, 9, WRONG);
        input.flush();
        bed.awaitProcessed();
        String before = lastCount();

        assertThat(only(setBack(instance, 0, false)).outcome()).isEqualTo(Outcome.DONE);

        instance.awaitActive(2);
        send(0, start + 2, 1);
        instance.kill();
        bed.started("a");
        assertThat(bed.progress(0).metadata().watermark()).isEqualTo(start);
        send(0, start + 3, 1);
        send(0, start + 60_000, 1);
        assertThat(before).isEqualTo("3");
        assertThat(lastCount()).isEqualTo(kind == Kind.TOTALS ? "6" : "2");
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
    }

    /** Of the last row of the first window, session or total of the key. */
    private String lastCount() {
        return bed.log().read(bed.topics().sink()).stream()
                .map(record -> Log.text(record.value()))
                .filter(row -> row.contains(" p0-k1 ") && !row.startsWith(String.valueOf(start + 60_000)))
                .map(row -> row.split(" ")[2])
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    /** Parts of windows that have left are still known: half a row would be wrong. */
    @Test
    void refusesToCutRowsOfOverlappingWindows() {
        bed.pipeline.window(
                WindowSpec.of(Windowing.hopping(Duration.ofSeconds(10), Duration.ofSeconds(5)), LinesPipeline.GRACE));
        Instance instance = begin();
        send(0, start, 2);
        // The window that ends in 5 s has left, and the other that these two are in has not.
        send(0, start + 7_000, 1);
        assertThat(bed.rows()).containsExactly(start - 5_000 + " p0-k1 2");

        PartitionReport report = only(setBack(instance, 0, false));

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.text()).contains("overlap", "close=true");
        assertThat(bed.progress(0).metadata().watermark()).isEqualTo(start + 5_000);
        assertThat(only(setBack(instance, 0, true)).outcome()).isEqualTo(Outcome.DONE);
        instance.awaitActive(2);
        send(0, start + 2, 1);
        send(0, start + 60_000, 1);
        expected.addAll(List.of(
                start - 5_000 + " p0-k1 2",
                start + " p0-k1 3",
                start + 5_000 + " p0-k1 1",
                start - 5_000 + " p0-k1 1",
                start + " p0-k1 1"));
        assertRows();
    }

    /** Which pass of a repeated hour a local time means goes by the greatest event time, which goes back, too. */
    @Test
    void localTimesGoOnFromThere() {
        bed.pipeline.localTimes("yyyy-MM-dd_HH:mm:ss", ZoneId.of("Europe/Berlin"));
        Instance instance = begin();
        start = Instant.parse("2026-10-25T00:40:00Z").toEpochMilli();
        long first = Instant.parse("2026-10-25T00:55:00Z").toEpochMilli();
        sendLocal("2026-10-25_01:50:00");
        sendLocal("2099-01-01_01:00:00");

        assertThat(only(setBack(instance, 0, false)).outcome()).isEqualTo(Outcome.DONE);

        assertThat(bed.progress(0).metadata().latestTime()).isEqualTo(start + LinesPipeline.GRACE.toMillis());
        instance.awaitActive(2);
        sendLocal("2026-10-25_02:55:00");
        instance = restart(instance, true);
        sendLocal("2026-10-25_02:10:00");
        assertThat(bed.rows()).contains(first + " p0-k1 1");
        assertThat(bed.progress(0).metadata().watermark())
                .isEqualTo(Instant.parse("2026-10-25T01:09:58Z").toEpochMilli());
    }

    private void sendLocal(String time) {
        input.send(0, "p0-k1", time + " p0-k1 1 text");
        input.flush();
        bed.awaitProcessed();
    }

    /** First the stage that reads the source, then the merge. */
    @Test
    void behindAShuffle() {
        bed.pipeline.template("{start} {key} {count}");
        Instance instance = bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()));
        instance.start().awaitActive(2);
        input = bed.input();
        start = input.time();
        send(0, start, 2);
        send(1, start, 3);
        send(0, WRONG, 1);
        send(1, WRONG, 1);
        expect(0, start, 2);
        expect(1, start, 3);
        assertRows();

        List<LaneReport> combined = instance.control().setBack(new WatermarkOrder(null, start, false));

        assertThat(combined.get(0).partitions()).hasSize(2).allSatisfy(partition -> {
            assertThat(partition.outcome()).isEqualTo(Outcome.DONE);
            assertThat(partition.text()).contains("the merge");
        });
        instance.awaitActive(2);
        await("the merge")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(instance.control(LinesPipeline.NAME + ".merge")
                                .setBack(new WatermarkOrder(null, start, false))
                                .get(0)
                                .partitions())
                        .hasSize(2)
                        .allMatch(partition -> partition.outcome() == Outcome.DONE));

        await("the merge's partitions")
                .until(() -> instance.statuses().get(1).lanes().get(0).partitions().stream()
                        .allMatch(partition -> partition.committed() != null
                                && partition.committed().metadata().watermark() == start));
        send(0, start + 2, 4);
        send(1, start + 2, 5);
        send(0, start + 60_000, 1);
        send(1, start + 60_000, 1);
        expect(0, start, 4);
        expect(1, start, 5);
        assertRows();
        instance.kill();
        Instance next = bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()));
        next.start().awaitActive(2);
        send(0, start + 120_000, 1);
        send(1, start + 120_000, 1);
        expect(0, start + 60_000, 1);
        expect(1, start + 60_000, 1);
        assertRows();
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
    }
}
