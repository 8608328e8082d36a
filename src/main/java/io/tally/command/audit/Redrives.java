package io.tally.command.audit;

import io.tally.codec.SourceRecord;
import io.tally.command.frame.Progress;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.SideIndex;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.SideIndex.Side;
import io.tally.pipeline.log.LogReader;
import io.tally.plan.PipelineDefinition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which late records and dead letters redrive has brought into rows: by the group's offsets, and by the rows. */
final class Redrives {
    private final PipelineDefinition pipeline;
    private final Map<Side, Long> next = new HashMap<>();
    private @Nullable SideIndex index;

    private Redrives(PipelineDefinition pipeline) {
        this.pipeline = pipeline;
    }

    /** What the group's offsets say; the broker may have forgotten them. */
    static Redrives of(PipelineDefinition pipeline, LogReader log) {
        Redrives redrives = new Redrives(pipeline);
        redrives.next.putAll(RedriveMark.committed(pipeline, log));
        return redrives;
    }

    /** A row says it. */
    void note(RedriveMark mark) {
        next.merge(mark.side(), mark.next(), Math::max);
    }

    /** Whether there are any. */
    boolean isEmpty() {
        return next.isEmpty();
    }

    /** Reads the side topics, if there are any. */
    void read(LogReader log, Progress progress) {
        if (!isEmpty() && index == null) {
            progress.begin("records of the side topics", 0);
            index = SideIndex.read(pipeline, log, progress);
        }
    }

    /** Where a record stands in a side topic that was brought into rows; null if it was not. */
    @Nullable
    Position redriven(int partition, SourceRecord record) {
        if (index == null) {
            return null;
        }
        Position position = index.find(new Coordinates(partition, record.offset(), record.event()));
        return position != null && position.offset() < next.getOrDefault(position.side(), 0L) ? position : null;
    }

    /** Whether the record was a dead letter that was brought into rows. */
    boolean isRedrivenDeadLetter(int partition, SourceRecord record) {
        Position position = redriven(partition, record);
        return position != null && index != null && index.isDeadLetter(position);
    }
}
