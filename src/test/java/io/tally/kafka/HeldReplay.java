package io.tally.kafka;

import io.tally.codec.RecordDecoder;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.window.Event;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;

/** A decoder that holds up a restore at the first record that it replays. */
final class HeldReplay implements RecordDecoder {
    private final RecordDecoder real;
    private final CyclicBarrier barrier;
    private boolean held;

    /** @param barrier passed twice: when the restore is held, and to let it go */
    HeldReplay(RecordDecoder real, CyclicBarrier barrier) {
        this.real = real;
        this.barrier = barrier;
    }

    @Override
    public Verdict decode(SourceRecord record, Event event) {
        boolean replay = Thread.currentThread().getName().endsWith("-restore");
        if (replay && !held) {
            held = true;
            meet();
            meet();
        }
        return real.decode(record, event);
    }

    private void meet() {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable Rejection rejection() {
        return real.rejection();
    }
}
