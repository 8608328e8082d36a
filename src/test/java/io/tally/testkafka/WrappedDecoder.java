package io.tally.testkafka;

import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import org.jspecify.annotations.Nullable;

/** A decoder in front of which something happens. */
public abstract class WrappedDecoder implements RecordDecoder {
    private final RecordDecoder real;

    public WrappedDecoder(RecordDecoder real) {
        this.real = real;
    }

    /** A record is about to be decoded. */
    protected abstract void before(SourceRecord record);

    @Override
    public Verdict decode(SourceRecord record, Event event) {
        before(record);
        return real.decode(record, event);
    }

    @Override
    public @Nullable Rejection rejection() {
        return real.rejection();
    }

    @Override
    public void release() {
        real.release();
    }
}
