package io.tally.command.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryPipeline;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.RowExplanation;
import io.tally.pipeline.log.LogException;
import io.tally.plan.PipelineDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is asked over HTTP takes neither long nor much. */
class ExplanationsTest {
    private static final String WINDOW = "2026-01-01T00:00:00Z";
    private static final Duration LONG = Duration.ofMinutes(2);

    private final MemoryLog log = new MemoryLog().topic("ip_count_source", 1);
    private final PipelineDefinition pipeline = CommandRun.pipeline();

    private void lines(int number) {
        for (int i = 0; i < number; i++) {
            long time = LineModel.START + 100L * i;
            log.add("ip_count_source", 0, time, "k", LineModel.line(time, "k"));
        }
        MemoryPipeline.runByKey(pipeline, log);
    }

    private Explanations explanations(Duration deadline) {
        return new Explanations(List.of(pipeline), known -> log, deadline);
    }

    @Test
    void answersAsTheCommandDoes() {
        lines(500);
        RowExplanation answer = explanations(LONG).explain("ip-count", "k", WINDOW, null);
        assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
        assertThat(answer.answer()).containsEntry("verdict", "EXPLAINED").containsEntry("isProven", true);
        assertThat(answer.answer().get("given").toString()).contains("2026-01-01_00:00:00 k 50");
    }

    @Test
    void saysWhyThereIsNoAnswer() {
        Explanations explanations = explanations(LONG);
        assertThat(explanations.explain("other", "k", WINDOW, null)).isNull();
        RowExplanation noWindow = explanations.explain("ip-count", "k", "2026-01-01T00:00:01Z", null);
        assertThat(noWindow.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(noWindow.text()).startsWith("No window begins at 2026-01-01T00:00:01Z");
        RowExplanation noBroker = new Explanations(
                        List.of(pipeline),
                        known -> {
                            throw new LogException("No answer from the broker");
                        },
                        LONG)
                .explain("ip-count", "k", WINDOW, null);
        assertThat(noBroker.outcome()).isEqualTo(Outcome.BUSY);
        assertThat(noBroker.text()).isEqualTo("No answer from the broker");
    }

    /** Even if a client does not come back. */
    @Test
    void answersInTime() {
        lines(500);
        RowExplanation none = explanations(Duration.ZERO).explain("ip-count", "k", WINDOW, null);
        assertThat(none.outcome()).isEqualTo(Outcome.BUSY);
        assertThat(none.text()).contains("run the command explain");
    }

    @Test
    void explainsOneAtATime() {
        lines(500);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Explanations explanations = new Explanations(
                List.of(pipeline),
                known -> {
                    begun.countDown();
                    waitFor(goOn);
                    return log;
                },
                LONG);
        CompletableFuture<RowExplanation> first =
                CompletableFuture.supplyAsync(() -> explanations.explain("ip-count", "k", WINDOW, null));
        waitFor(begun);
        RowExplanation second = explanations.explain("ip-count", "k", WINDOW, null);
        assertThat(second.outcome()).isEqualTo(Outcome.BUSY);
        assertThat(second.text()).isEqualTo("another row is being explained; ask again");
        goOn.countDown();
        assertThat(first.join().outcome()).isEqualTo(Outcome.DONE);
        // The answer comes a moment before the next question is let in.
        await().untilAsserted(() -> assertThat(
                        explanations.explain("ip-count", "k", WINDOW, null).outcome())
                .isEqualTo(Outcome.DONE));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
