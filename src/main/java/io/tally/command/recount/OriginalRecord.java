package io.tally.command.recount;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * A late record or dead letter as it was in the source, or the event of it.
 *
 * @param record it in its side topic; valid as long as that is
 * @param view what its headers say
 * @param at where it was
 * @param partitions of the source
 */
public record OriginalRecord(SourceRecord record, SideView view, Coordinates at, int partitions)
        implements SourceRecord {
    @Override
    public long offset() {
        return at.offset();
    }

    @Override
    public int partition() {
        return at.partition();
    }

    @Override
    public long timestamp() {
        return view.timestamp(record.timestamp());
    }

    @Override
    public boolean hasAppendTime() {
        return timestampType().equals("LogAppendTime");
    }

    @Override
    public String timestampType() {
        return view.timestampType(SourceRecord.super.timestampType());
    }

    @Override
    public void headers(Headers receiver) {
        record.headers(receiver);
    }

    @Override
    public @Nullable ByteRange key() {
        return record.key();
    }

    @Override
    public @Nullable ByteRange value() {
        return record.value();
    }
}
