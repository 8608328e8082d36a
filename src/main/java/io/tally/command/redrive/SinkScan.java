package io.tally.command.redrive;

import io.tally.codec.SourceRecord;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.frame.Progress;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.SideIndex.Side;
import io.tally.command.recount.SinkRows;
import io.tally.command.recount.WholeTopic;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a sink whole: the rows of some windows and keys, and how far rows say that side topics were re-driven. */
final class SinkScan {
    /** What a sink has of a window and key. */
    static final class Found {
        /** How many rows. */
        long rows;
        /** The partition that they are in; -1 if they are in several. */
        int partition;
        /** Where the last one is. */
        long offset;

        byte @Nullable [] key;
        byte @Nullable [] value;
        /** The mark of the last row; null if the pipeline has sent it. */
        @Nullable
        RedriveMark mark;
    }

    final String topic;
    final Map<RowId, Found> found = new HashMap<>();
    /** Where side partitions go on. */
    final Map<Side, Long> marks = new HashMap<>();
    /** Whether the sink no longer holds all that was ever in it. */
    boolean isCut;

    final SinkRows rows;

    SinkScan(String topic, PipelineSpec spec, ResultEncoder encoder) {
        this.topic = topic;
        rows = new SinkRows(spec, encoder);
    }

    /** Reads it, and keeps what there is of these rows. */
    void read(Set<RowId> wanted, LogReader log, Progress progress) {
        List<OffsetRange> held = WholeTopic.read(
                log,
                topic,
                log.requirePartitions("sink topic", topic),
                log::settled,
                progress,
                (partition, record) -> look(wanted, partition, record));
        isCut |= held.stream().anyMatch(range -> range.from() > 0);
    }

    private void look(Set<RowId> wanted, int partition, SourceRecord record) {
        RedriveMark mark = RedriveMark.of(record);
        if (mark != null) {
            marks.merge(mark.side(), mark.next(), Math::max);
        }
        if (wanted.isEmpty()) {
            return;
        }
        byte[] key = SinkRows.bytes(record.key());
        byte[] value = SinkRows.bytes(record.value());
        SinkRows.Row row = rows.row(key, value);
        RowId id = row == null ? null : RowId.of(row.end(), row.key(), 0, row.key().length);
        if (id != null && wanted.contains(id)) {
            Found there = found.computeIfAbsent(id, any -> new Found());
            there.partition = there.rows == 0 || there.partition == partition ? partition : -1;
            there.rows++;
            there.offset = record.offset();
            there.key = key;
            there.value = value;
            there.mark = mark;
        }
    }
}
