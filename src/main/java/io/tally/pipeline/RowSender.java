package io.tally.pipeline;

import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.WindowOutput;
import io.tally.engine.WindowResult;
import io.tally.engine.row.StateEntry;
import org.jspecify.annotations.Nullable;

/** Sends the rows of closing windows, and the tombstones of their entries, to the current outbox. */
final class RowSender implements WindowOutput {
    private final ResultEncoder encoder;
    private final StateDigest stored;
    private final StateFormat format = new StateFormat();
    private @Nullable Outbox outbox;

    RowSender(ResultEncoder encoder, StateDigest stored) {
        this.encoder = encoder;
        this.stored = stored;
    }

    /** From now on rows go there, as a rule where they went before: then nothing is stored ({@link Stage#release}). */
    RowSender to(Outbox current) {
        if (outbox != current) {
            outbox = current;
        }
        return this;
    }

    byte[] encode(WindowResult result) {
        return encoder.encode(result);
    }

    @Override
    public void result(WindowResult result) {
        current().result(encoder.key(result), encoder.encode(result));
    }

    @Override
    public boolean hasRoom() {
        return current().hasRoom();
    }

    @Override
    public void forget(StateEntry entry) {
        byte[] key = format.entryKey(entry);
        stored.remove(format.keyChecksum(key), entry.appliedUpTo(), entry.storedRevision());
        current().state(key, null);
    }

    private Outbox current() {
        if (outbox == null) {
            throw new IllegalStateException("a window closes outside a batch");
        }
        return outbox;
    }
}
