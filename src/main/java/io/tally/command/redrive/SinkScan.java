package io.tally.command.redrive;

import io.tally.codec.bytes.ByteRange;
import io.tally.codec.sink.ResultEncoder;
import io.tally.codec.sink.RowReader;
import io.tally.command.frame.Progress;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.SideIndex.Side;
import io.tally.command.recount.WindowBorders;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.window.Windowing;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
        /** Of the last one; null if the pipeline has sent it. */
        @Nullable
        RedriveMark mark;
    }

    final String topic;
    final Map<RowId, Found> found = new HashMap<>();
    /** Where side partitions go on. */
    final Map<Side, Long> marks = new HashMap<>();
    /** Whether the sink no longer holds all that was ever in it. */
    boolean isCut;

    private final Windowing windowing;
    private final RowReader reader;

    SinkScan(String topic, ResultEncoder encoder, Windowing windowing) {
        this.topic = topic;
        this.windowing = windowing;
        reader = Objects.requireNonNull(encoder.reader(), "the sink was checked before");
    }

    /** Reads it, and keeps what there is of these rows. */
    void read(Set<RowId> wanted, LogReader log, Progress progress) {
        int partitions = log.partitions(topic);
        if (partitions == 0) {
            throw new LogException("The sink topic " + topic + " does not exist. Is it the right broker?");
        }
        for (int partition = 0; partition < partitions; partition++) {
            int here = partition;
            OffsetRange range = log.settled(topic, partition);
            isCut |= range.from() > 0;
            log.read(topic, partition, range, record -> {
                progress.add(1);
                RedriveMark mark = RedriveMark.of(record);
                if (mark != null) {
                    marks.merge(new Side(mark.topic(), mark.partition()), mark.next(), Math::max);
                }
                if (!wanted.isEmpty()) {
                    byte[] key = bytes(record.key());
                    byte[] value = bytes(record.value());
                    RowId row = row(key, value);
                    if (row != null && wanted.contains(row)) {
                        Found rows = found.computeIfAbsent(row, id -> new Found());
                        rows.partition = rows.rows == 0 || rows.partition == here ? here : -1;
                        rows.rows++;
                        rows.offset = record.offset();
                        rows.key = key;
                        rows.value = value;
                        rows.mark = mark;
                    }
                }
                return true;
            });
        }
    }

    /** Which row a record is; null if it is none of this sink. */
    @Nullable
    RowId row(byte @Nullable [] key, byte @Nullable [] value) {
        RowReader.Place place = reader.read(key, value);
        Long end = place == null ? null : WindowBorders.end(windowing, place);
        return place == null || end == null ? null : RowId.of(end, place.key(), 0, place.key().length);
    }

    private static byte @Nullable [] bytes(@Nullable ByteRange range) {
        return range == null ? null : range.copy();
    }
}
