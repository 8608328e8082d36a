package io.tally.testkafka;

import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import java.util.concurrent.CyclicBarrier;

/** A decoder that holds up a restore at the first record that it replays. */
public final class HeldReplay extends WrappedDecoder {
    private final CyclicBarrier barrier;
    private boolean held;

    /** @param barrier passed twice: when the restore is held, and to let it go */
    public HeldReplay(RecordDecoder real, CyclicBarrier barrier) {
        super(real);
        this.barrier = barrier;
    }

    @Override
    protected void before(SourceRecord record) {
        boolean replay = Thread.currentThread().getName().endsWith("-restore");
        if (replay && !held) {
            held = true;
            meet();
            meet();
        }
    }

    private void meet() {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
