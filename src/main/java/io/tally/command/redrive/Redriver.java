package io.tally.command.redrive;

import io.tally.codec.SourceRecord;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.frame.Progress;
import io.tally.command.recount.OffsetSearch;
import io.tally.command.recount.Patience;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.RowCounts;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.SideIndex;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.SideIndex.Side;
import io.tally.engine.WindowResult;
import io.tally.engine.row.Aggregates;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.LogWriter;
import io.tally.pipeline.log.LogWriter.Output;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings side records into rows. A pass plans some transactions, counts all rows of them again with one reading of the
 * source, compares these with the sinks, and only then writes. If something is in the way of a record, the pass is
 * planned anew without it.
 */
final class Redriver {
    private static final String METADATA = "tally-redrive";

    private final PipelineDefinition pipeline;
    private final PipelineSpec spec;
    private final Windowing windowing;
    private final List<ResultEncoder> encoders;
    private final Instant now;
    private final LogReader log;
    /** Null if nothing is to be written. */
    private final @Nullable LogWriter writer;

    private final Progress progress;
    private final Reach reach;
    private final SideIndex index;
    private final SortedMap<Side, Long> next;
    private final SortedMap<Side, Long> until;
    private final RedriveTotals totals;
    private final Planner planner;

    Redriver(
            PipelineDefinition pipeline,
            Windowing windowing,
            Instant now,
            LogReader log,
            @Nullable LogWriter writer,
            Progress progress,
            RedriveTotals totals,
            SidePlaces places,
            Reach reach,
            Set<Obstacle.Kind> skipped,
            int mostRows) {
        this.pipeline = pipeline;
        this.windowing = windowing;
        this.now = now;
        this.log = log;
        this.writer = writer;
        this.progress = progress;
        this.totals = totals;
        this.reach = reach;
        spec = pipeline.spec();
        encoders = spec.encoders().stream().map(Supplier::get).toList();
        index = places.index();
        next = places.next();
        until = places.until();
        planner = new Planner(
                pipeline,
                windowing,
                new RowFold.Maker(spec, new Aggregates(spec.aggregates())),
                index,
                new SideReader(spec, windowing, reach, now),
                skipped,
                mostRows);
    }

    /** Does all that there is; without a writer, the first pass. */
    void run() {
        while (pass() && writer != null) {}
        totals.hasMore = next.entrySet().stream()
                .anyMatch(side -> side.getValue() < until.getOrDefault(side.getKey(), side.getValue()));
    }

    /** Does some; false if there was nothing to do. */
    private boolean pass() {
        Map<Position, Obstacle> known = new HashMap<>();
        while (true) {
            Pass pass = planner.plan(next, until, known, log);
            int before = known.size();
            if (pass.hasRows()) {
                known.putAll(obstacles(pass));
            }
            if (known.size() == before) {
                totals.planned(pass);
                pass.batches.forEach(batch -> write(pass, batch));
                // A side partition that stands still is not looked at again.
                pass.stops.keySet().forEach(side -> until.put(side, next.get(side)));
                return !pass.batches.isEmpty();
            }
        }
    }

    private boolean isRedriven(Position position) {
        return position.offset() < next.getOrDefault(position.side(), 0L);
    }

    /** Counts the rows again; gives what is in the way. */
    private Map<Position, Obstacle> obstacles(Pass pass) {
        progress.begin("records of the sinks", 0);
        List<SinkScan> sinks = new ArrayList<>();
        for (int sink = 0; sink < encoders.size(); sink++) {
            SinkScan scan = new SinkScan(pipeline.topics().sinks().get(sink), spec, encoders.get(sink));
            scan.read(pass.targets.keySet(), log, progress);
            sinks.add(scan);
        }
        if (!windowing.overlaps() && RowCounts.countEach(spec, encoders.get(0))) {
            Map<Position, Obstacle> found = count(pass, sinks, starts(pass), false);
            boolean isAllKnown = reach.parts().values().stream()
                    .allMatch(part -> index.incomplete(part.partition(), part.begin()) == null);
            if (found.isEmpty() || !isAllKnown) {
                return found;
            }
        }
        return count(pass, sinks, new TreeMap<>(), true);
    }

    /** Where event times come near those of the rows, so that nothing of them is before, as their counts then show. */
    private SortedMap<Integer, Long> starts(Pass pass) {
        long first = pass.targets.values().stream()
                .mapToLong(target -> target.start)
                .min()
                .orElseThrow();
        OffsetSearch search = new OffsetSearch(spec, pipeline.topics().source(), now, log, Patience.ENDLESS);
        SortedMap<Integer, Long> starts = new TreeMap<>();
        reach.parts()
                .forEach((partition, part) -> starts.put(
                        partition,
                        search.before(part, first - spec.window().grace().toMillis())));
        return starts;
    }

    private Map<Position, Obstacle> count(
            Pass pass, List<SinkScan> sinks, SortedMap<Integer, Long> starts, boolean isWhole) {
        String source = pipeline.topics().source();
        Predicate<Position> isOfRows = position -> isRedriven(position) || pass.planned.containsKey(position);
        SourceScan scan = new SourceScan(spec, source, windowing, index, pass, this::isRedriven, now);
        Map<Integer, Long> begins = new HashMap<>();
        progress.begin("records of " + source, 0);
        reach.parts().forEach((partition, part) -> {
            OffsetRange planned = index.span(partition, pass.planned::containsKey);
            OffsetRange needed = index.span(partition, isOfRows);
            long from = Math.min(
                    starts.getOrDefault(partition, part.begin()), planned == null ? Long.MAX_VALUE : planned.from());
            from = Math.max(from, part.begin());
            begins.put(partition, from);
            scan.read(part, from, needed == null ? -1 : needed.to(), log, progress);
        });
        return judged(pass, sinks, scan, begins, isWhole);
    }

    private Map<Position, Obstacle> judged(
            Pass pass, List<SinkScan> sinks, SourceScan scan, Map<Integer, Long> begins, boolean isWhole) {
        Map<Position, Obstacle> found = new HashMap<>(scan.obstacles);
        RowCheck check = new RowCheck(pipeline, windowing, encoders, sinks, reach, isWhole);
        Map<RowId, Obstacle> bad = new HashMap<>();
        pass.targets.forEach((id, target) -> {
            String broken = scan.broken.get(target);
            Obstacle obstacle = broken != null ? Obstacle.refused(broken) : check.check(id, target);
            if (obstacle != null) {
                bad.put(id, obstacle);
            }
        });
        for (Batch batch : pass.batches) {
            for (Item item : batch.items) {
                Obstacle obstacle = item.rows().stream()
                        .map(bad::get)
                        .filter(problem -> problem != null)
                        .findFirst()
                        .orElse(null);
                if (!scan.met.contains(item.position())) {
                    obstacle = Obstacle.refused("it is no longer in the source");
                } else if (obstacle == null) {
                    obstacle = incomplete(item, begins);
                }
                if (obstacle != null) {
                    found.putIfAbsent(item.position(), obstacle);
                }
            }
        }
        return found;
    }

    private @Nullable Obstacle incomplete(Item item, Map<Integer, Long> begins) {
        int partition = item.at().partition();
        String topic = index.incomplete(partition, begins.getOrDefault(partition, 0L));
        return topic == null
                ? null
                : Obstacle.refused("the topic " + topic + " no longer holds all that the pipeline has written into it,"
                        + " so that it is not known which records of the source were counted");
    }

    private void write(Pass pass, Batch batch) {
        int number = pass.batches.indexOf(batch);
        List<Output> outputs = new ArrayList<>();
        boolean hasRevisions = spec.window().hasRevisions();
        for (RowId row : batch.rows) {
            Target target = pass.target(row);
            WindowResult result = target.leaving(number, hasRevisions);
            RedriveMark mark =
                    new RedriveMark(target.number(number), batch.side.topic(), batch.side.partition(), batch.to);
            for (int sink = 0; sink < encoders.size(); sink++) {
                byte[] value = encoders.get(sink).encode(result);
                outputs.add(new Output(
                        pipeline.topics().sinks().get(sink),
                        null,
                        encoders.get(sink).key(result),
                        value,
                        List.of(Map.entry(RedriveMark.HEADER, mark.format()))));
                if (sink == 0) {
                    totals.row(target, mark, value);
                }
            }
        }
        batch.requeued.keySet().forEach(position -> outputs.add(again(position)));
        if (writer != null) {
            writer.commit(
                    outputs,
                    RedriveMark.group(pipeline.groupId()),
                    batch.side.topic(),
                    batch.side.partition(),
                    new CommittedOffset(batch.to, METADATA));
        }
        batch.requeued.forEach((position, at) -> index.requeued(at, position.side()));
        next.put(batch.side, batch.to);
        totals.written(batch);
    }

    /** The record as it is, for the end of its topic. */
    private Output again(Position position) {
        List<Output> found = new ArrayList<>();
        log.read(
                position.side().topic(),
                position.side().partition(),
                new OffsetRange(position.offset(), position.offset() + 1),
                record -> {
                    found.add(copy(position.side(), record));
                    return false;
                });
        return found.get(0);
    }

    private static Output copy(Side side, SourceRecord record) {
        List<Map.Entry<String, byte[]>> headers = new ArrayList<>();
        record.headers((name, value) -> {
            if (value != null && !name.equals(RedriveMark.REQUEUED)) {
                headers.add(Map.entry(name, value));
            }
        });
        headers.add(Map.entry(RedriveMark.REQUEUED, new byte[] {'1'}));
        return new Output(
                side.topic(),
                side.partition(),
                record.key() == null ? null : record.key().copy(),
                record.value() == null ? null : record.value().copy(),
                headers);
    }
}
