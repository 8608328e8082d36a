package io.tally.command.explain;

import io.tally.command.frame.CommandOutput;
import io.tally.command.recount.Coordinates;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Prints the answer. */
final class ExplainReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Explanation answer;
    private final String source;

    /** @param source the source topic */
    ExplainReport(Explanation answer, String source) {
        this.answer = answer;
        this.source = source;
    }

    /** The answer as names and values. */
    static Map<String, Object> json(Explanation answer) {
        return JSON.convertValue(answer, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    void print(CommandOutput to) {
        to.json(json(answer));
        to.line(
                "Row of pipeline %s, window %s to %s: %s",
                answer.pipeline(), answer.windowStart(), answer.windowEnd(), answer.verdict());
        answer.text().forEach(sentence -> to.line("  %s.", sentence));
        if (!answer.rows().isEmpty()) {
            to.line("In the sink");
            answer.rows().forEach(row -> row(row, to));
            if (answer.noCommit() != null) {
                to.line("  The commit is not told: %s.", answer.noCommit());
            }
        }
        answer.given().forEach(given -> {
            to.line(
                    "Counted of %s-%d: %,d%s",
                    given.topic(),
                    given.partition(),
                    given.events().count(),
                    given.value() == null ? "" : ", which gives " + given.value());
            events(given.events(), to);
        });
        if (!answer.closedBy().isEmpty()) {
            to.line("What closes the window");
            answer.closedBy().forEach(place -> event(place, to));
        }
        events("Late", answer.late(), to);
        events("Dead letters that mention the key", answer.deadLetters(), to);
        events("Left out by the filter, and mention the key", answer.filtered(), to);
        events("Not read yet", answer.notRead(), to);
        events("From before the pipeline", answer.beforePipeline(), to);
        to.line("Read");
        answer.read()
                .forEach(range -> to.line(
                        "  %s-%d: offsets %,d to %,d of %,d to %,d",
                        range.topic(), range.partition(), range.from(), range.to(), range.first(), range.end()));
        to.line("%s: %s.", answer.isProven() ? "Proven" : "Not proven", answer.proof());
    }

    private void row(Explanation.Row row, CommandOutput to) {
        to.line(
                "  %s-%d@%d, written %s%s: %s%s",
                row.topic(),
                row.partition(),
                row.offset(),
                row.written(),
                row.revision() == null
                        ? ""
                        : ", revision " + row.revision() + (Boolean.TRUE.equals(row.isFinal()) ? ", final" : ""),
                row.redriven() != null
                        ? "corrected by redrive, up to " + row.redriven()
                        : row.isExpected()
                                ? row.events() + " counted" + (row.last() == null ? "" : ", the last " + at(row.last()))
                                : "not what the source gives",
                row.value() == null ? "" : " " + row.value());
        Explanation.Commit commit = row.commit();
        if (commit != null) {
            to.line(
                    "    committed %s with offset %d of %s-%d, by %s",
                    commit.time(),
                    commit.offset(),
                    commit.topic(),
                    commit.partition(),
                    commit.instance() == null
                            ? commit.transactionalId()
                            : "instance " + commit.instance() + ", lane " + commit.lane());
        }
    }

    private void events(String title, EventList.Shown events, CommandOutput to) {
        if (events.count() > 0) {
            to.line("%s: %,d", title, events.count());
            events(events, to);
        }
    }

    private void events(EventList.Shown events, CommandOutput to) {
        events.first().forEach(place -> event(place, to));
        long between = events.count() - events.first().size() - events.last().size();
        if (between > 0) {
            to.line("  ... %,d more ...", between);
        }
        events.last().forEach(place -> event(place, to));
    }

    private void event(EventPlace place, CommandOutput to) {
        to.line("  %s%s%s", at(place), time(place.time()), place.why() == null ? "" : ", " + place.why());
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "" : ", event time " + time;
    }

    private String at(EventPlace place) {
        return new Coordinates(place.partition(), place.offset(), place.event()).in(source);
    }
}
