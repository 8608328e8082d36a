package io.tally.pipeline.partition;

import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.WindowOutput;
import io.tally.engine.WindowResult;
import io.tally.engine.row.StateEntry;
import io.tally.pipeline.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * Sends the rows of closing windows, and the tombstones of their entries, to the outbox that the partition is bound to.
 */
final class RowSender implements WindowOutput {
    private final ResultEncoder encoder;
    private final StateDigest stored;
    private final StateFormat format = new StateFormat();
    private @Nullable Outbox outbox;
    private boolean limitIgnored;

    RowSender(ResultEncoder encoder, StateDigest stored) {
        this.encoder = encoder;
        this.stored = stored;
    }

    /** From now on everything goes there. */
    void to(Outbox current) {
        outbox = current;
    }

    /** Where everything goes. */
    Outbox outbox() {
        if (outbox == null) {
            throw new IllegalStateException("a window closes before the partition works");
        }
        return outbox;
    }

    /** Whether there is room for whatever leaves from now on. */
    void ignoreLimit(boolean ignored) {
        limitIgnored = ignored;
    }

    byte[] encode(WindowResult result) {
        return encoder.encode(result);
    }

    @Override
    public void result(WindowResult result) {
        outbox().result(encoder.key(result), encoder.encode(result));
    }

    @Override
    public boolean hasRoom(int besides) {
        return limitIgnored || outbox().hasRoom(besides);
    }

    @Override
    public void forget(StateEntry entry) {
        byte[] key = format.entryKey(entry);
        stored.remove(format.keyChecksum(key), entry.appliedUpTo(), entry.storedRevision());
        outbox().state(key, null);
    }
}
