package io.tally.command.recount;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.kafka.transaction.SideRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A late record or dead letter as it was in the source, or the event of it.
 *
 * @param record it in its side topic; valid as long as that is
 * @param at where it was
 * @param partitions of the source
 */
public record OriginalRecord(SourceRecord record, Coordinates at, int partitions) implements SourceRecord {
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
        long[] time = {record.timestamp()};
        record.headers((name, value) -> {
            if (name.equals(SideRecords.ORIGINAL_TIMESTAMP) && value != null && value.length == Long.BYTES) {
                time[0] = ByteBuffer.wrap(value).getLong();
            }
        });
        return time[0];
    }

    @Override
    public boolean hasAppendTime() {
        return timestampType().equals("LogAppendTime");
    }

    @Override
    public String timestampType() {
        String[] type = {SourceRecord.super.timestampType()};
        record.headers((name, value) -> {
            if (name.equals(SideRecords.ORIGINAL_TIMESTAMP_TYPE) && value != null) {
                type[0] = new String(value, StandardCharsets.UTF_8);
            }
        });
        return type[0];
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
