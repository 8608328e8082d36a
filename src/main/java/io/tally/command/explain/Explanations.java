package io.tally.command.explain;

import io.tally.command.frame.Place;
import io.tally.command.frame.Progress;
import io.tally.command.frame.UsageException;
import io.tally.command.recount.Patience;
import io.tally.command.recount.Recountable;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.RowExplanation;
import io.tally.pipeline.control.RowExplanations;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Explains rows over HTTP. It has clients and a thread of its own, so that it holds up no lane, and no request for
 * longer than the deadline. It explains one row at a time, since each takes reading.
 */
final class Explanations implements RowExplanations {
    private static final int MOST_RECORDS = 20;
    /** Time for what a client does after it was asked to stop. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private final List<PipelineDefinition> pipelines;
    private final Function<PipelineDefinition, LogReader> logs;
    private final Duration deadline;
    private final AtomicBoolean isBusy = new AtomicBoolean();

    /**
     * Explains their rows.
     *
     * @param logs opens a reader of a pipeline's topics
     * @param deadline how long one may take
     */
    Explanations(List<PipelineDefinition> pipelines, Function<PipelineDefinition, LogReader> logs, Duration deadline) {
        this.pipelines = pipelines;
        this.logs = logs;
        this.deadline = deadline;
    }

    @Override
    public @Nullable RowExplanation explain(String name, String key, String window, @Nullable String end) {
        PipelineDefinition pipeline = pipelines.stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElse(null);
        if (pipeline == null) {
            return null;
        }
        if (!isBusy.compareAndSet(false, true)) {
            return none(Outcome.BUSY, "another row is being explained; ask again");
        }
        CompletableFuture<RowExplanation> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(answer(pipeline, key, window, end));
                    } catch (RuntimeException | Error e) {
                        answer.completeExceptionally(e);
                    } finally {
                        isBusy.set(false);
                    }
                },
                "tally-explain");
        thread.setDaemon(true);
        thread.start();
        return await(answer);
    }

    private RowExplanation await(CompletableFuture<RowExplanation> answer) {
        try {
            return answer.get(deadline.plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return tooLong();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return none(Outcome.BUSY, "the request was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a row could not be explained", e.getCause());
        }
    }

    private RowExplanation answer(PipelineDefinition pipeline, String key, String window, @Nullable String end) {
        long until = System.nanoTime() + deadline.toNanos();
        Instant now = Instant.now();
        try {
            Windowing windowing = new Recountable(pipeline, "explained").require();
            Question question = Question.of(
                    windowing,
                    key,
                    Place.time("window", window, now),
                    end == null ? null : (Long) Place.time("end", end, now));
            try (LogReader log = logs.apply(pipeline)) {
                RowExplainer explainer = new RowExplainer(
                        pipeline,
                        windowing,
                        question,
                        now,
                        log,
                        new Progress(new PrintStream(PrintStream.nullOutputStream()), false, System::nanoTime),
                        () -> {
                            if (System.nanoTime() - until > 0) {
                                throw new Patience.OverException();
                            }
                        },
                        MOST_RECORDS);
                return new RowExplanation(
                        Outcome.DONE, null, ExplainReport.json(Answer.of(explainer.explain(false), true)));
            }
        } catch (UsageException e) {
            return none(Outcome.REFUSED, String.valueOf(e.getMessage()));
        } catch (LogException e) {
            return none(Outcome.BUSY, String.valueOf(e.getMessage()));
        } catch (Patience.OverException e) {
            return tooLong();
        }
    }

    private RowExplanation tooLong() {
        return none(
                Outcome.BUSY,
                "there was no answer within " + deadline.toSeconds() + " s, since too much must be read for it: run the"
                        + " command explain, which takes the time that it needs");
    }

    private static RowExplanation none(Outcome outcome, String text) {
        return new RowExplanation(outcome, text, Map.of());
    }
}
