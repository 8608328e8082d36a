package io.tally.command.redrive;

import io.tally.codec.SourceRecord;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.SideIndex;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.SideIndex.Side;
import io.tally.command.recount.SideView;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Decides which late records and dead letters come next, and in which transactions. */
final class Planner {
    /** About how many rows leave with one reading of the source; they are in memory meanwhile. */
    static final int MOST_ROWS = 20_000;

    private final PipelineDefinition pipeline;
    private final Windowing windowing;
    private final RowFold.Maker makes;
    private final SideIndex index;
    private final SideReader reader;
    private final Set<Obstacle.Kind> skipped;
    private final int mostRows;

    /**
     * Begins.
     *
     * @param skipped what does not stop it
     * @param mostRows about how many rows leave with one reading of the source
     */
    Planner(
            PipelineDefinition pipeline,
            Windowing windowing,
            RowFold.Maker makes,
            SideIndex index,
            SideReader reader,
            Set<Obstacle.Kind> skipped,
            int mostRows) {
        this.pipeline = pipeline;
        this.windowing = windowing;
        this.makes = makes;
        this.index = index;
        this.reader = reader;
        this.skipped = skipped.isEmpty() ? EnumSet.noneOf(Obstacle.Kind.class) : EnumSet.copyOf(skipped);
        this.mostRows = mostRows;
    }

    /**
     * Plans what comes next.
     *
     * @param next where each side partition goes on
     * @param until where it ends
     * @param known obstacles that were found before, which the side topic alone does not show
     */
    Pass plan(SortedMap<Side, Long> next, SortedMap<Side, Long> until, Map<Position, Obstacle> known, LogReader log) {
        Pass pass = new Pass(windowing, makes);
        long[] rows = {0};
        next.forEach((side, from) -> {
            long to = until.getOrDefault(side, from);
            if (from < to && rows[0] < mostRows) {
                rows[0] += new SidePlan(pass, side, from, known, mostRows - rows[0]).read(log, to);
            }
        });
        return pass;
    }

    /** The plan of one side partition. */
    private final class SidePlan {
        private final Pass pass;
        private final Side side;
        private final Map<Position, Obstacle> known;
        private final long room;
        private Batch batch;
        private long from;
        private long rows;
        private boolean isOver;

        SidePlan(Pass pass, Side side, long from, Map<Position, Obstacle> known, long room) {
            this.pass = pass;
            this.side = side;
            this.from = from;
            this.known = known;
            this.room = room;
            batch = new Batch(side, from);
        }

        /** Returns how many rows leave. */
        long read(LogReader log, long to) {
            log.read(side.topic(), side.partition(), new OffsetRange(from, to), this::take);
            if (!isOver) {
                batch.to = to;
            }
            close();
            return rows;
        }

        private boolean take(SourceRecord record) {
            SideView view = new SideView(record);
            Coordinates at = view.coordinatesIn(pipeline);
            Position position = new Position(side, record.offset());
            if (at == null || !position.equals(index.find(at))) {
                return add(position, at, List.of(), null);
            }
            if (reader.isTooNew(at)) {
                // The pipeline has read it since the command began.
                batch.to = record.offset();
                isOver = true;
                return false;
            }
            reader.read(record, view, at);
            Obstacle obstacle = reader.obstacle();
            return add(position, at, reader.rows(), obstacle == null ? known.get(position) : obstacle);
        }

        private boolean add(Position position, @Nullable Coordinates at, List<RowId> its, @Nullable Obstacle obstacle) {
            Obstacle stop = obstacle == null || skipped.contains(obstacle.kind()) ? null : obstacle;
            List<RowId> leaving = obstacle == null ? its : List.of();
            if (!batch.hasRoom(
                    leaving,
                    pipeline.transactions().rows(),
                    pipeline.transactions().records())) {
                batch.to = position.offset();
                close();
            }
            if (stop != null || (rows + batch.rows.size() >= room && !leaving.isEmpty())) {
                batch.to = position.offset();
                isOver = true;
                if (stop != null && at != null) {
                    pass.stops.put(side, new Pass.Stop(position, at, stop));
                }
                return false;
            }
            if (at == null || (obstacle == null && its.isEmpty())) {
                batch.passed++;
            } else if (obstacle != null) {
                batch.requeued.put(position, at);
            } else {
                batch.items.add(new Item(position, at, its));
                batch.rows.addAll(its);
            }
            batch.to = position.offset() + 1;
            return true;
        }

        private void close() {
            if (!batch.isEmpty(from)) {
                pass.add(batch);
                rows += batch.rows.size();
            }
            from = batch.to;
            batch = new Batch(side, from);
        }
    }
}
