package io.tally.kafka;

import io.tally.codec.RecordDecoder;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.window.Event;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A decoder with a bug: throws for every seventh record, until it has thrown three times. */
final class ThrowingDecoder implements RecordDecoder {
    private final RecordDecoder real;
    private final AtomicInteger thrown;

    ThrowingDecoder(RecordDecoder real, AtomicInteger thrown) {
        this.real = real;
        this.thrown = thrown;
    }

    @Override
    public Verdict decode(SourceRecord record, Event event) {
        if (record.offset() % 7 == 0 && thrown.get() < 3) {
            thrown.incrementAndGet();
            throw new IllegalStateException("a bug");
        }
        return real.decode(record, event);
    }

    @Override
    public @Nullable Rejection rejection() {
        return real.rejection();
    }
}
