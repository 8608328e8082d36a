package io.tally.pipeline.partition;

import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.WindowOutput;
import io.tally.engine.WindowResult;
import io.tally.engine.row.StateEntry;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.status.RowSample;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the rows of closing windows, in the form of each sink, and the tombstones of their entries to the outbox that
 * the partition is bound to.
 */
final class RowSender implements WindowOutput {
    /** One for each sink. */
    private final ResultEncoder[] encoders;

    private final StateDigest stored;
    private final StateFormat format = new StateFormat();
    private @Nullable Outbox outbox;
    private @Nullable RowSampler sampler;
    private boolean limitIgnored;

    RowSender(List<Supplier<ResultEncoder>> encoders, StateDigest stored) {
        this.encoders = encoders.stream().map(Supplier::get).toArray(ResultEncoder[]::new);
        this.stored = stored;
    }

    /** From now on everything goes there. */
    void to(Outbox current) {
        outbox = current;
        sampler = current.takesSamples() ? new RowSampler(encoders[0].resultNames()) : null;
    }

    /** Some of the rows that were sent since this was called last; null if there are none, or nobody looks. */
    @Nullable
    RowSample takeSample() {
        return sampler == null ? null : sampler.take();
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

    /** A row in the form of the first sink. */
    byte[] encode(WindowResult result) {
        return encoders[0].encode(result);
    }

    @Override
    public void result(WindowResult result) {
        Outbox current = outbox();
        for (int sink = 0; sink < encoders.length; sink++) {
            byte[] value = encoders[sink].encode(result);
            current.result(sink, encoders[sink].key(result), value);
            if (sink == 0 && sampler != null) {
                sampler.add(result, value);
            }
        }
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
