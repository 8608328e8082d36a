package io.tally.command.redrive;

import io.tally.codec.bytes.Excerpt;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.recount.RowCounts;
import io.tally.command.recount.SourcePart;
import io.tally.command.recount.WindowBorders;
import io.tally.engine.WindowResult;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the source gives the row that stands in the sinks, and finds out the number of that row. Only then is it
 * known which records are in it.
 */
final class RowCheck {
    /** A row with more revisions than that is not looked for. */
    private static final long MOST_REVISIONS = 10_000;

    private static final int MOST_TEXT = 1_000;

    private final PipelineDefinition pipeline;
    private final Windowing windowing;
    private final List<ResultEncoder> encoders;
    private final List<SinkScan> sinks;
    private final Reach reach;
    private final boolean isWhole;
    /** Whether equal rows are made of equally many records. */
    private final boolean countsEach;

    /** @param isWhole whether the source was read from where the pipeline began */
    RowCheck(
            PipelineDefinition pipeline,
            Windowing windowing,
            List<ResultEncoder> encoders,
            List<SinkScan> sinks,
            Reach reach,
            boolean isWhole) {
        this.pipeline = pipeline;
        this.windowing = windowing;
        this.encoders = encoders;
        this.sinks = sinks;
        this.reach = reach;
        this.isWhole = isWhole;
        countsEach = !windowing.overlaps() && RowCounts.countEach(pipeline.spec(), encoders.get(0));
    }

    /** Checks a row, and notes its number; gives what is in the way of a correction, null if nothing is. */
    @Nullable
    Obstacle check(RowId id, Target target) {
        String where = "the row of " + WindowBorders.text(windowing, target.end) + " ";
        if (target.elsewhere >= 0) {
            return Obstacle.refused(where + "is of a key that is in partitions " + target.partition + " and "
                    + target.elsewhere + " of the source, whose rows cannot be told apart");
        }
        requireReadable(target);
        for (int sink = 0; sink < sinks.size(); sink++) {
            SinkScan.Found rows = sinks.get(sink).found.get(id);
            String problem = problem(sink, target, rows);
            if (problem != null) {
                return new Obstacle(Obstacle.Kind.REFUSED, where + problem, data(sink, target, rows));
            }
        }
        if (!isComplete(target)) {
            return Obstacle.refused(where + "cannot be shown to be complete: the source no longer holds all that the"
                    + " pipeline has read, and "
                    + (windowing.overlaps()
                            ? "windows overlap, so that records may have come in time for some of their windows alone"
                            : "the row does not show how many records it is made of"));
        }
        return null;
    }

    /** Whether no record of it can be missing in what was read. */
    private boolean isComplete(Target target) {
        SourcePart part = reach.parts().get(target.partition);
        return countsEach || (isWhole && part != null && !part.isCut());
    }

    private @Nullable String problem(int sink, Target target, SinkScan.@Nullable Found rows) {
        String topic = sinks.get(sink).topic;
        if (rows == null) {
            return target.counted == 0
                    ? null
                    : "is made of " + target.counted + " records by the source, and is not in " + topic
                            + (sinks.get(sink).isCut ? ", which no longer holds its beginning" : "");
        }
        if (rows.partition < 0) {
            return "is in several partitions of " + topic + ", so that none of its rows is known to be the last";
        }
        String place = topic + "-" + rows.partition + "@" + rows.offset;
        if (target.counted == 0) {
            return "has no record by the source, and is at " + place;
        }
        if (sink == 0) {
            long number = number(target, rows);
            if (number == 0) {
                return !pipeline.spec().window().hasRevisions() && rows.mark == null && rows.rows > 1
                        ? "is " + rows.rows + " times in " + topic + ", the last time at " + place
                                + ", and should be there once"
                        : differs(target, place);
            }
            target.revision = number;
        }
        return isSame(sink, target, target.revision, rows) ? null : differs(target, place);
    }

    private static String differs(Target target, String place) {
        return "is another by the source, of " + target.counted + " records, than at " + place;
    }

    /** The number of the last row; 0 if it is not the one that the source gives. */
    private long number(Target target, SinkScan.Found rows) {
        if (rows.mark != null) {
            return rows.mark.revision();
        }
        if (!pipeline.spec().window().hasRevisions()) {
            return rows.rows == 1 ? 1 : 0;
        }
        if (isSame(0, target, rows.rows, rows)) {
            return rows.rows;
        }
        for (long number = 1; number <= MOST_REVISIONS; number++) {
            if (isSame(0, target, number, rows)) {
                return number;
            }
        }
        return 0;
    }

    private boolean isSame(int sink, Target target, long number, SinkScan.Found rows) {
        WindowResult result = standing(target, number);
        return Arrays.equals(encoders.get(sink).key(result), rows.key)
                && Arrays.equals(encoders.get(sink).encode(result), rows.value);
    }

    private WindowResult standing(Target target, long number) {
        return target.standing(pipeline.spec().window().hasRevisions() ? number : 0);
    }

    /** The reader must recognise the row that is written, or it would mistake others for it. */
    private void requireReadable(Target target) {
        for (SinkScan sink : sinks) {
            if (!sink.rows.readsBack(standing(target, 1))) {
                throw Redrivable.of(pipeline).unreadable(sink.topic);
            }
        }
    }

    private String data(int sink, Target target, SinkScan.@Nullable Found rows) {
        byte[] given = encoders.get(sink).encode(standing(target, Math.max(1, target.revision)));
        return "key " + quoted(target.key) + ", source " + (target.counted == 0 ? "none" : quoted(given)) + ", sink "
                + (rows == null ? "none" : quoted(rows.value));
    }

    private static String quoted(byte @Nullable [] bytes) {
        return bytes == null ? "null" : Excerpt.quote(bytes, 0, bytes.length, MOST_TEXT);
    }
}
