package io.tally.command.explain;

import io.tally.command.frame.Progress;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.OffsetSearch;
import io.tally.command.recount.Patience;
import io.tally.command.recount.Recountable;
import io.tally.command.recount.RowCounts;
import io.tally.command.recount.SecondReading;
import io.tally.command.recount.SourcePart;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what made a row. It reads the source around the window and the sinks around the row, and compares: if the
 * source does not give what the sinks have, more is read, in the end all.
 */
final class RowExplainer {
    /** How often the pipeline may get further while it is looked at. */
    private static final int LOOKS = 3;

    /** What a range is widened by at least, in offsets. */
    private static final int STEP = 10_000;

    private final PipelineDefinition pipeline;
    private final Windowing windowing;
    private final Question question;
    private final Instant now;
    private final LogReader log;
    private final Progress progress;
    private final Patience patience;
    private final int most;

    private Scene scene;
    private List<SinkSearch> sinks = List.of();
    private List<SinkRow> found = List.of();
    private SinkSearch.Reach reach = SinkSearch.Reach.AROUND;
    private SortedMap<Integer, Long> starts = new TreeMap<>();
    private @Nullable SourceReading reading;
    private boolean isLateComplete;
    private List<SearchedRange> sinkRanges = List.of();
    private List<SearchedRange> lateRanges = List.of();
    private boolean isOver;
    private @Nullable RowCommits commits;

    /**
     * Looks at the pipeline.
     *
     * @param most how many events are kept of each kind
     */
    RowExplainer(
            PipelineDefinition pipeline,
            Windowing windowing,
            Question question,
            Instant now,
            LogReader log,
            Progress progress,
            Patience patience,
            int most) {
        this.pipeline = pipeline;
        this.windowing = windowing;
        this.question = question;
        this.now = now;
        this.log = log;
        this.progress = progress;
        this.patience = patience;
        this.most = most;
        scene = Scene.of(pipeline, windowing, question, now, log);
    }

    /**
     * Finds it.
     *
     * @param whole whether to read all that there is at once
     * @throws Patience.OverException if there was no time even for a first answer
     */
    RowExplainer explain(boolean whole) {
        try {
            look(whole);
            for (int i = 1; i < LOOKS && !agrees(); i++) {
                Scene later = Scene.of(pipeline, windowing, question, now, log);
                if (!later.isAhead(scene)) {
                    break;
                }
                scene = later;
                look(whole);
            }
        } catch (Patience.OverException e) {
            if (reading == null) {
                throw e;
            }
            isOver = true;
        }
        commits = RowCommits.of(scene, found, log, patience);
        return this;
    }

    private void look(boolean whole) {
        sinks = IntStream.range(0, pipeline.topics().sinks().size())
                .mapToObj(sink -> new SinkSearch(scene, sink, log, patience))
                .toList();
        progress.begin("records of " + scene.source(), 0);
        // Where records are out of order by no more than the grace, none of the window's lies before this.
        long slack = scene.window().grace().toMillis();
        starts = whole || SecondReading.needsHeaders(scene.spec()) ? wholeStarts() : starts(slack);
        search(
                whole
                        ? SinkSearch.Reach.ALL
                        : scene.isRedriven() ? SinkSearch.Reach.PARTITION : SinkSearch.Reach.AROUND);
        read();
        while (!agrees() && widen()) {
            read();
        }
        SourceReading first = reading();
        if (agrees() && !isWhole() && !countsEach() && first.disorder > slack) {
            starts = starts(first.disorder);
            read();
        }
    }

    /** Reads more of what may be the cause; false if there is nothing more. */
    private boolean widen() {
        boolean mayBeElsewhere = reach != SinkSearch.Reach.ALL;
        if (mayBeElsewhere && reading().rows.values().stream().anyMatch(row -> !row.missing.isEmpty())) {
            search(reach == SinkSearch.Reach.AROUND ? SinkSearch.Reach.PARTITION : SinkSearch.Reach.ALL);
            return true;
        }
        if (!isWhole()) {
            starts.replaceAll((partition, start) -> {
                OffsetRange range = reading().ranges.getOrDefault(partition, new OffsetRange(start, start));
                return Math.max(scene.part(partition).held().from(), start - Math.max(STEP, range.length()));
            });
            return true;
        }
        if (mayBeElsewhere) {
            search(SinkSearch.Reach.ALL);
            return true;
        }
        return false;
    }

    private SortedMap<Integer, Long> starts(long slack) {
        OffsetSearch search = new OffsetSearch(scene.spec(), scene.source(), scene.now(), log, patience);
        SortedMap<Integer, Long> found = new TreeMap<>();
        scene.parts().forEach((partition, part) -> found.put(partition, search.before(part, question.start() - slack)));
        return found;
    }

    private SortedMap<Integer, Long> wholeStarts() {
        SortedMap<Integer, Long> all = new TreeMap<>();
        scene.parts()
                .forEach((partition, part) -> all.put(partition, part.held().from()));
        return all;
    }

    private void search(SinkSearch.Reach how) {
        List<SinkRow> rows = new ArrayList<>();
        List<SearchedRange> ranges = new ArrayList<>();
        sinks.forEach(sink -> rows.addAll(sink.find(how, ranges)));
        reach = how;
        found = rows;
        sinkRanges = ranges;
    }

    private void read() {
        SourceReading next = readOnce(Map.of());
        Map<Coordinates, EventPlace> late = late(next);
        boolean isNews = late.keySet().stream()
                .anyMatch(at -> isIn(next.ranges.get(at.partition()), at) && !next.foundLate.contains(at));
        if (isNews) {
            reading = readOnce(late);
        } else {
            late.forEach((at, place) -> {
                if (!next.foundLate.contains(at)) {
                    next.late.add(place);
                }
            });
            reading = next;
        }
    }

    private static boolean isIn(@Nullable OffsetRange range, Coordinates at) {
        return range != null && at.offset() >= range.from() && at.offset() < range.to();
    }

    private SourceReading readOnce(Map<Coordinates, EventPlace> late) {
        SourceReading next = new SourceReading(scene, sinks, found, late, most);
        next.read(starts, log, progress, patience);
        next.rows.values().stream()
                .filter(row -> row.events.count() > 0)
                .forEach(row -> sinks.stream()
                        .filter(sink -> !sink.isReadable(row.result(row.isClosed())))
                        .findFirst()
                        .ifPresent(sink -> {
                            throw new Recountable(pipeline, "explained").unreadable(sink.topic());
                        }));
        return next;
    }

    private Map<Coordinates, EventPlace> late(SourceReading next) {
        List<SearchedRange> ranges = new ArrayList<>();
        boolean[] isComplete = {true};
        LateSearch search = new LateSearch(scene, log, patience);
        Map<Coordinates, EventPlace> all = new LinkedHashMap<>();
        next.ranges.forEach((partition, range) -> {
            LateSearch.Found late = search.find(partition, range, ranges);
            isComplete[0] &= late.isComplete();
            all.putAll(late.events());
        });
        lateRanges = ranges;
        isLateComplete = isComplete[0];
        return all;
    }

    /** Whether the sinks have what the source gives, and nothing else. */
    boolean agrees() {
        SourceReading now = reading();
        boolean isMissing = now.rows.values().stream().anyMatch(row -> !row.missing.isEmpty());
        boolean isOther = found.stream().anyMatch(row -> row.match == null && row.mark == null)
                && (!scene.knowsLastOnly() || now.counted() == 0);
        return !isMissing && !isOther;
    }

    /** Whether all that the pipeline has read of the source, and is still there, was read again. */
    boolean isWhole() {
        return starts.entrySet().stream().allMatch(start -> {
            SourcePart part = scene.part(start.getKey());
            return start.getValue() <= Math.max(part.held().from(), part.begin());
        });
    }

    /** Whether one event more would change the row. */
    boolean countsEach() {
        return RowCounts.countEach(scene.spec(), scene.spec().encoders().get(0).get());
    }

    SourceReading reading() {
        if (reading == null) {
            throw new IllegalStateException("nothing was read yet");
        }
        return reading;
    }

    Scene scene() {
        return scene;
    }

    List<SinkSearch> sinks() {
        return sinks;
    }

    List<SinkRow> found() {
        return found;
    }

    List<SearchedRange> sinkRanges() {
        return sinkRanges;
    }

    List<SearchedRange> lateRanges() {
        return lateRanges;
    }

    /** Whether the late topic still holds all late records of what was read. */
    boolean isLateComplete() {
        return isLateComplete;
    }

    /** What brought the rows. */
    RowCommits commits() {
        return Objects.requireNonNull(commits, "nothing was read yet");
    }

    /** Whether there was no time to read on. */
    boolean isOver() {
        return isOver;
    }

    /** Where the reading of a partition began. */
    long start(int partition) {
        return starts.getOrDefault(partition, scene.part(partition).held().from());
    }

    /** About which time a partition's events have there; null if there are none. */
    @Nullable
    Long timeAtStart(int partition) {
        return new OffsetSearch(scene.spec(), scene.source(), scene.now(), log, Patience.ENDLESS)
                .timeAt(scene.part(partition), start(partition));
    }
}
