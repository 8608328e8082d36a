package io.tally.command.explain;

import io.tally.codec.bytes.Excerpt;
import io.tally.command.explain.Explanation.Given;
import io.tally.command.explain.Explanation.Reason;
import io.tally.command.explain.Explanation.Row;
import io.tally.command.explain.Explanation.Verdict;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.SourcePart;
import io.tally.engine.WindowEngine;
import io.tally.engine.WindowResult;
import io.tally.pipeline.log.OffsetRange;
import io.tally.window.Emission;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what was found. */
final class Answer {
    private static final int MOST_TEXT = 1_000;

    private final RowExplainer explainer;
    private final Scene scene;
    private final SourceReading reading;
    private final List<SinkRow> found;
    private final RowCommits commits;
    private final boolean showsValues;
    private final List<String> text = new ArrayList<>();
    private final List<Reason> reasons = new ArrayList<>();

    private Answer(RowExplainer explainer, boolean showsValues) {
        this.explainer = explainer;
        this.showsValues = showsValues;
        scene = explainer.scene();
        reading = explainer.reading();
        found = explainer.found();
        commits = explainer.commits();
    }

    /** @param showsValues whether rows are shown */
    static Explanation of(RowExplainer explainer, boolean showsValues) {
        return new Answer(explainer, showsValues).explanation();
    }

    private Explanation explanation() {
        Verdict verdict = verdict();
        boolean isProven = isProven(verdict);
        return new Explanation(
                scene.pipeline().name(),
                Instant.ofEpochMilli(scene.question().start()),
                Instant.ofEpochMilli(scene.question().end()),
                verdict,
                text,
                reasons,
                isProven,
                proof(verdict, isProven),
                found.stream().map(this::row).toList(),
                commits.problem(),
                reading.rows.values().stream().map(this::given).toList(),
                closers(),
                reading.late.shown(),
                reading.deadLetters.shown(),
                reading.filtered.shown(),
                reading.notRead.shown(),
                reading.beforeBegin.shown(),
                read());
    }

    /** The events that closed the window, without those of partitions that have none of the row's records. */
    private List<EventPlace> closers() {
        return reading.closers.stream()
                .filter(place -> scene.hasShuffle() || reading.rows.containsKey(place.partition()))
                .toList();
    }

    private Verdict verdict() {
        if (!explainer.agrees()) {
            return differing();
        }
        if (!found.isEmpty()) {
            String sinks = found.stream().map(SinkRow::place).limit(3).collect(Collectors.joining(", "));
            String more = found.size() > 3 ? " and " + (found.size() - 3) + " more" : "";
            text.add(
                    isThere()
                            ? "The source gives what is in the sink: " + reading.counted() + " counted, " + sinks + more
                            : "The window is open. " + reading.counted()
                                    + " records are counted by now, and the rows in the sink, " + sinks + more
                                    + ", are updates from before");
            redriven();
            return Verdict.EXPLAINED;
        }
        return reading.counted() > 0 ? open() : notCounted();
    }

    /**
     * Whether a row has all that is counted; if not, it is one of an open window, of which only the last rows are
     * known.
     */
    private boolean isThere() {
        return found.stream().anyMatch(row -> row.match != null || row.mark != null);
    }

    /** The rows that redrive has written count what is in the side topics, and it has compared what it corrected. */
    private void redriven() {
        List<SinkRow> rows =
                found.stream().filter(row -> row.mark != null && row.sink == 0).toList();
        if (!rows.isEmpty()) {
            SinkRow last = rows.get(rows.size() - 1);
            RedriveMark mark = Objects.requireNonNull(last.mark);
            text.add("Redrive has corrected it " + rows.size() + (rows.size() == 1 ? " time" : " times")
                    + " with records that were late or dead letters: the last row is revision " + mark.revision()
                    + " at " + last.place() + ", with those of " + mark.topic() + "-" + mark.partition()
                    + " before offset " + mark.next());
        }
    }

    private Verdict differing() {
        if (explainer.isOver()) {
            text.add("What was read does not give what the sink has, and there was no time to read on: run the command"
                    + " explain");
            return Verdict.UNKNOWN;
        }
        String source = reading.rows.values().stream()
                .filter(row -> row.events.count() > 0)
                .map(row -> shown(value(row)) + " of " + row.events.count() + " counted, "
                        + coordinates(row.events.shown()))
                .collect(Collectors.joining(" and "));
        String sink = found.stream()
                .filter(row -> row.match == null && row.mark == null)
                .map(row -> shown(quoted(row.value)) + " at " + row.place())
                .limit(10)
                .collect(Collectors.joining(", "));
        String missing = reading.rows.values().stream()
                .flatMap(row -> row.missing.stream())
                .map(row -> explainer.sinks().get(row.sink()).topic()
                        + (row.result().revision() > 0
                                ? ", revision " + row.result().revision()
                                : ""))
                .distinct()
                .limit(10)
                .collect(Collectors.joining("; "));
        String difference = "The source gives " + (source.isEmpty() ? "no row" : source) + ". The sink has "
                + (sink.isEmpty() ? "no such row" : sink)
                + (missing.isEmpty() || sink.isEmpty() ? "" : ", and lacks a row in " + missing);
        List<String> cut = cut();
        if (!cut.isEmpty()) {
            reasons.add(Reason.SOURCE_DELETED);
            text.add(difference + ". Records of the window may be deleted: " + String.join("; ", cut));
            return Verdict.UNKNOWN;
        }
        if (sink.isEmpty() && isSinkCut()) {
            reasons.add(Reason.SINK_DELETED);
            text.add(difference + ", which no longer holds its beginning: the row may be deleted");
            return Verdict.UNKNOWN;
        }
        if (reading.rows.size() > 1 && scene.window().emission() == Emission.UPDATES && !scene.hasShuffle()) {
            text.add(difference + ". But the key is in several partitions of the source, each with updates of its own,"
                    + " and it is not known which update is of which partition");
            return Verdict.UNKNOWN;
        }
        text.add(difference);
        return Verdict.DIFFERENT;
    }

    private static String coordinates(EventList.Shown events) {
        EventPlace first = events.first().get(0);
        EventPlace last =
                Stream.concat(events.first().stream(), events.last().stream()).reduce(first, (earlier, later) -> later);
        return "partition " + first.partition() + " offset " + first.offset()
                + (events.count() == 1 ? "" : " to partition " + last.partition() + " offset " + last.offset());
    }

    private String shown(@Nullable String value) {
        return value == null ? "another row" : value;
    }

    private boolean isSinkCut() {
        return explainer.sinkRanges().stream().anyMatch(range -> range.first() > 0);
    }

    /** The partitions of the source that have lost their beginning, up to the time of the window. */
    private List<String> cut() {
        List<String> cut = new ArrayList<>();
        scene.parts().forEach((partition, part) -> {
            long start = explainer.start(partition);
            if (start == part.held().from() && part.isCut()) {
                Long time = explainer.timeAtStart(partition);
                if (time == null || time >= scene.question().start()) {
                    cut.add(scene.source() + "-" + partition + " begins at offset " + start
                            + (time == null
                                    ? " and is empty"
                                    : " with event times of about " + Instant.ofEpochMilli(time)));
                }
            }
        });
        return cut;
    }

    private Verdict open() {
        reasons.add(Reason.WINDOW_OPEN);
        long end = scene.question().end();
        Instant needed = Instant.ofEpochMilli(end + scene.window().grace().toMillis());
        reading.rows.forEach((partition, row) -> {
            if (scene.isLeaving(partition)) {
                reasons.add(Reason.LEAVING);
                text.add("Rows of " + scene.closingTopic() + "-" + partition + " are leaving right now");
                return;
            }
            text.add("The window is open: " + row.events.count() + " counted so far, and the watermark of "
                    + scene.closingTopic() + "-" + partition + " is " + time(scene.watermark(partition))
                    + ", before its end " + Instant.ofEpochMilli(end));
        });
        List<Integer> holding = scene.parts().values().stream()
                .filter(part -> part.committed() == null || part.committed().watermark() < end)
                .map(SourcePart::partition)
                .filter(partition -> scene.hasShuffle() || reading.rows.containsKey(partition))
                .toList();
        for (int partition : holding) {
            SourcePart part = scene.part(partition);
            String closer = reading.closers.stream()
                    .filter(place -> place.partition() == partition)
                    .map(place -> "one is at offset " + place.offset() + ", and is not read yet")
                    .findFirst()
                    .orElse("there is none yet");
            text.add(scene.source() + "-" + partition + " holds it, at "
                    + (part.committed() == null
                            ? "no watermark"
                            : time(part.committed().watermark()))
                    + ": it waits for an event time of " + needed + " or later there, and " + closer + " ("
                    + Math.max(0, part.held().to() - part.next()) + " offsets not read)");
        }
        if (holding.isEmpty()) {
            text.add("All partitions of the source are further. The merge has yet to read what they sent");
        }
        if (scene.spec().idleTimeout() != null) {
            text.add("It also closes when the partition is silent for the idle-timeout of "
                    + scene.spec().idleTimeout());
        }
        return Verdict.OPEN;
    }

    private Verdict notCounted() {
        because(reading.notRead, Reason.NOT_READ, "are there, and the pipeline has not read them yet");
        because(reading.late, Reason.LATE, "came late");
        because(reading.deadLetters, Reason.DEAD_LETTER, "mention the key, and are dead letters");
        because(reading.filtered, Reason.FILTERED, "mention the key, and the filter leaves them out");
        because(reading.beforeBegin, Reason.BEFORE_PIPELINE, "are from before the pipeline began");
        List<String> cut = cut();
        if (!cut.isEmpty()) {
            reasons.add(Reason.SOURCE_DELETED);
            text.add("Records of the window may be deleted: " + String.join("; ", cut));
        }
        if (reasons.isEmpty()) {
            reasons.add(Reason.NO_RECORD);
            text.add("There is no record of the key in this window");
        }
        doubtKey();
        return Verdict.NOT_COUNTED;
    }

    /** A key with escapes may be meant without them. Only the user knows which one is meant: both may be real. */
    private void doubtKey() {
        String shown = new String(scene.question().key(), StandardCharsets.UTF_8);
        String key = RowKey.of(shown);
        if (reading.late.count() + reading.notRead.count() + reading.beforeBegin.count() == 0 && !key.equals(shown)) {
            text.add("The key has escapes. If it was copied from a row, without them it is " + RowKey.option(key)
                    + " that is to be asked for");
        }
    }

    private void because(EventList events, Reason reason, String what) {
        if (events.count() > 0) {
            reasons.add(reason);
            text.add("No row, since nothing was counted: " + events.count() + " " + what);
        }
    }

    private boolean isProven(Verdict verdict) {
        if (explainer.isOver() || verdict == Verdict.UNKNOWN) {
            return false;
        }
        boolean isAll = explainer.isWhole() && scene.parts().values().stream().noneMatch(SourcePart::isCut);
        return isAll || (isThere() && explainer.agrees() && explainer.countsEach() && explainer.isLateComplete());
    }

    private String proof(Verdict verdict, boolean isProven) {
        boolean isAll = explainer.isWhole();
        if (isProven) {
            return isAll
                    ? "the source was read from where the pipeline began"
                    : "the row counts each record, it counts as many as were found, and none of these is in the late"
                            + " topic";
        }
        if (isAll) {
            return "the source was read from where it begins by now; some of what the pipeline has read is deleted";
        }
        if (verdict == Verdict.EXPLAINED) {
            return explainer.countsEach()
                    ? "the row counts as many records as were found; the late topic no longer shows that each of them"
                            + " was on time"
                    : "the row is the same, but it could be so with more records, too: it has no count. Records that"
                            + " were out of order by more than " + reading.disorder + " ms would have been missed";
        }
        return "nothing else is in what was read; --whole reads everything";
    }

    private Row row(SinkRow row) {
        WindowResult match = row.match;
        WindowResult revised = scene.window().hasRevisions() ? match : null;
        return new Row(
                row.topic,
                row.partition,
                row.offset,
                Instant.ofEpochMilli(row.timestamp),
                row.mark != null ? (Long) row.mark.revision() : revised == null ? null : (Long) revised.revision(),
                revised == null ? null : (Boolean) revised.isFinal(),
                match != null || row.mark != null,
                row.mark == null ? null : row.mark.upTo(),
                match == null ? null : (Long) row.events,
                row.last,
                commits.of(row),
                quoted(row.value));
    }

    private Given given(SourceRow row) {
        long watermark = scene.watermark(row.partition);
        return new Given(
                scene.closingTopic(),
                row.partition,
                row.isClosed(),
                watermark == WindowEngine.NO_WATERMARK ? null : Instant.ofEpochMilli(watermark),
                row.events.shown(),
                row.events.count() == 0 ? null : value(row));
    }

    private @Nullable String value(SourceRow row) {
        return quoted(explainer.sinks().get(0).value(row.result(row.isClosed())));
    }

    private @Nullable String quoted(byte @Nullable [] value) {
        return !showsValues ? null : value == null ? "null" : Excerpt.quote(value, 0, value.length, MOST_TEXT);
    }

    private static String time(long time) {
        return time == WindowEngine.NO_WATERMARK
                ? "not there yet"
                : Instant.ofEpochMilli(time).toString();
    }

    private List<SearchedRange> read() {
        List<SearchedRange> all = new ArrayList<>();
        reading.ranges.forEach((partition, range) -> {
            OffsetRange held = scene.part(partition).held();
            all.add(new SearchedRange(scene.source(), partition, range.from(), range.to(), held.from(), held.to()));
        });
        all.addAll(explainer.sinkRanges());
        all.addAll(explainer.lateRanges());
        return all;
    }
}
