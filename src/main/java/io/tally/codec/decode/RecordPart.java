package io.tally.codec.decode;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import org.jspecify.annotations.Nullable;

/** One event of a record that holds several, as if it were a record of its own: with the record's key and position. */
public final class RecordPart implements SourceRecord {
    private final SourceRecord whole;
    private final ByteRange value = new ByteRange();
    private final int count;
    private int number;

    /** @param count how many events the record holds */
    RecordPart(SourceRecord whole, int count) {
        this.whole = whole;
        this.count = count;
    }

    /** Shows an event of the record from now on, counted from 1. */
    RecordPart show(int event, byte[] bytes, int from, int to) {
        number = event;
        value.show(bytes, from, to);
        return this;
    }

    /** The record that it is a part of. */
    public SourceRecord whole() {
        return whole;
    }

    @Override
    public int event() {
        return number;
    }

    @Override
    public int events() {
        return count;
    }

    @Override
    public long offset() {
        return whole.offset();
    }

    @Override
    public int partition() {
        return whole.partition();
    }

    @Override
    public int partitions() {
        return whole.partitions();
    }

    @Override
    public long timestamp() {
        return whole.timestamp();
    }

    @Override
    public String timestampType() {
        return whole.timestampType();
    }

    @Override
    public void headers(Headers receiver) {
        whole.headers(receiver);
    }

    @Override
    public boolean hasAppendTime() {
        return whole.hasAppendTime();
    }

    @Override
    public @Nullable ByteRange key() {
        return whole.key();
    }

    @Override
    public ByteRange value() {
        return value;
    }
}
