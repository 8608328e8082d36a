package io.tally.page;

import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at the pipelines once a second and remembers what it saw. Used by one thread. */
final class Recorder {
    private final Pipelines pipelines;
    private final PageEvents events;
    private final EventLog log;
    private final Clock clock;
    private final Map<String, History> histories = new LinkedHashMap<>();
    private final Series heap = new Series();
    private final Map<String, PageView.State> states = new HashMap<>();
    private @Nullable Instant last;

    Recorder(Pipelines pipelines, PageEvents events, EventLog log, Clock clock) {
        this.pipelines = pipelines;
        this.events = events;
        this.log = log;
        this.clock = clock;
    }

    /** Goes on by a second, or by as many as have passed. */
    PageView look() {
        Instant now = clock.instant();
        double seconds = last == null ? 1 : Math.max(0.001, (now.toEpochMilli() - last.toEpochMilli()) / 1000.0);
        last = now;
        int missed = (int) Math.min(Series.SECONDS, Math.round(seconds) - 1);
        List<PageView.Pipeline> views = new ArrayList<>();
        Map<String, Outcomes.View> output = new LinkedHashMap<>();
        for (PipelineStatus status : pipelines.statuses()) {
            PageView.Pipeline view = PipelineViews.of(status, events, seconds, now);
            views.add(view);
            Outcomes.View news = events.outcomes(status.name()).changes();
            if (news != null) {
                output.put(status.name(), news);
            }
            History history = histories.computeIfAbsent(status.name(), name -> new History());
            for (int i = 0; i < missed; i++) {
                history.addGap();
            }
            history.add(view.now());
            compare(view, now);
        }
        Runtime runtime = Runtime.getRuntime();
        PageView.Heap used = new PageView.Heap(runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory());
        for (int i = 0; i < missed; i++) {
            heap.add(Double.NaN);
        }
        heap.add(used.used());
        return new PageView(
                now.toEpochMilli(), used, events.areValuesShown(), views, output, null, null, log.changes());
    }

    /** When a pipeline falls ill or gets well again, that is an event. */
    private void compare(PageView.Pipeline view, Instant now) {
        PageView.State before = states.put(view.name(), view.state());
        if (before == view.state()) {
            return;
        }
        if (view.state() == PageView.State.PROBLEM) {
            log.add(
                    now.toEpochMilli(),
                    EventLog.Kind.PROBLEM,
                    view.name(),
                    null,
                    view.problems().get(0),
                    true);
        } else if (view.state() == PageView.State.PAUSED) {
            log.add(now.toEpochMilli(), EventLog.Kind.PAUSED, view.name(), null, null, true);
        } else if (view.state() == PageView.State.WELL && before != null) {
            log.add(now.toEpochMilli(), EventLog.Kind.WELL, view.name(), null, null, true);
        }
    }

    /** The same view for a page that was just opened: with all that is remembered. */
    PageView whole(PageView view) {
        Map<String, Map<String, List<@Nullable Float>>> values = new LinkedHashMap<>();
        histories.forEach((name, history) -> values.put(name, history.values()));
        Map<String, Outcomes.View> output = new LinkedHashMap<>();
        view.pipelines()
                .forEach(pipeline -> output.put(
                        pipeline.name(), events.outcomes(pipeline.name()).all()));
        return view.with(output, values, heap.values(), log.all());
    }
}
