package io.tally.command.redrive;

import io.tally.codec.bytes.Excerpt;
import io.tally.command.frame.CommandOutput;
import io.tally.command.recount.WindowBorders;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints what was done, or would be. */
final class RedriveReport {
    private static final int MOST_TEXT = 1_000;

    private final PipelineDefinition pipeline;
    private final Windowing windowing;
    private final RedriveTotals totals;
    private final boolean isDry;
    private final boolean showsValues;

    RedriveReport(
            PipelineDefinition pipeline,
            Windowing windowing,
            RedriveTotals totals,
            boolean isDry,
            boolean showsValues) {
        this.pipeline = pipeline;
        this.windowing = windowing;
        this.totals = totals;
        this.isDry = isDry;
        this.showsValues = showsValues;
    }

    /** @param isDone whether nothing went wrong */
    void print(CommandOutput to, boolean isDone) {
        to.json(json(isDone));
        to.line(
                "Redrive of pipeline %s%s",
                pipeline.name(), isDry ? ": a dry run, nothing is written" : isDone ? "" : ": broken off");
        totals.parts.forEach((side, part) -> {
            if (part.to > part.from) {
                to.line(
                        "  %s: offsets %,d to %,d, counted %,d, passed over %,d, put at the end %,d",
                        side, part.from, part.to, part.counted, part.passed, part.requeued);
            }
        });
        to.line(
                "%s %,d rows in %,d transactions, %,d of them the first of their window and key",
                isDry ? "Would write" : "Wrote", totals.rows, totals.transactions, totals.firstRows);
        if (isDry && totals.hasMore) {
            to.line("It has not looked at the side records behind these offsets; a redrive goes on with them");
        }
        totals.shown.forEach(row -> to.line(
                "  %s, revision %d, up to %s%s",
                WindowBorders.text(windowing, row.target().end),
                row.mark().revision(),
                row.mark().upTo(),
                showsValues ? ": key " + quoted(row.target().key) + ", " + quoted(row.value()) : ""));
        if (totals.rows > totals.shown.size() && !totals.shown.isEmpty()) {
            to.line("  and %,d more (--rows)", totals.rows - totals.shown.size());
        }
        totals.stops.forEach((side, stop) -> {
            Obstacle obstacle = stop.obstacle();
            to.line(
                    "Stopped before %s@%d, %s: %s%s",
                    side,
                    stop.position().offset(),
                    stop.at().in(pipeline.topics().source()),
                    obstacle.why(),
                    obstacle.kind().option == null ? "" : " (" + obstacle.kind().option + " goes on behind it)");
            if (showsValues && !obstacle.data().isEmpty()) {
                to.line("    " + obstacle.data());
            }
        });
    }

    private Map<String, Object> json(boolean isDone) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("pipeline", pipeline.name());
        result.put("dryRun", isDry);
        result.put("done", isDone);
        Map<String, Object> sides = new LinkedHashMap<>();
        totals.parts.forEach((side, part) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("from", part.from);
            one.put("to", part.to);
            one.put("counted", part.counted);
            one.put("passed", part.passed);
            one.put("requeued", part.requeued);
            sides.put(side.toString(), one);
        });
        result.put("sides", sides);
        result.put("rows", totals.rows);
        result.put("firstRows", totals.firstRows);
        result.put("transactions", totals.transactions);
        if (isDry) {
            result.put("more", totals.hasMore);
        }
        result.put("first", totals.shown.stream().map(this::json).toList());
        List<Map<String, Object>> stops = new ArrayList<>();
        totals.stops.forEach((side, stop) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("side", side.toString());
            one.put("offset", stop.position().offset());
            one.put("source", stop.at().in(pipeline.topics().source()));
            one.put("kind", stop.obstacle().kind());
            one.put("why", stop.obstacle().why());
            if (showsValues && !stop.obstacle().data().isEmpty()) {
                one.put("data", stop.obstacle().data());
            }
            stops.add(one);
        });
        result.put("stops", stops);
        return result;
    }

    private Map<String, Object> json(RedriveTotals.Row row) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("windowStart", Instant.ofEpochMilli(row.target().start).toString());
        one.put("windowEnd", Instant.ofEpochMilli(row.target().end).toString());
        one.put("revision", row.mark().revision());
        one.put("upTo", row.mark().upTo());
        if (showsValues) {
            one.put("key", quoted(row.target().key));
            one.put("value", quoted(row.value()));
        }
        return one;
    }

    private static String quoted(byte[] bytes) {
        return Excerpt.quote(bytes, 0, bytes.length, MOST_TEXT);
    }
}
