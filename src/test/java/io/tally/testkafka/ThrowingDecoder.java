package io.tally.testkafka;

import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import java.util.concurrent.atomic.AtomicInteger;

/** A decoder with a bug: throws for every seventh record, until it has thrown three times. */
public final class ThrowingDecoder extends WrappedDecoder {
    private final AtomicInteger thrown;

    public ThrowingDecoder(RecordDecoder real, AtomicInteger thrown) {
        super(real);
        this.thrown = thrown;
    }

    @Override
    protected void before(SourceRecord record) {
        if (record.offset() % 7 == 0 && thrown.get() < 3) {
            thrown.incrementAndGet();
            throw new IllegalStateException("a bug");
        }
    }
}
