package io.tally.pipeline.log;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes to topics from outside of a running pipeline, in transactions that also move offsets of a group: either all of
 * that can be seen, or nothing. Confined to one thread.
 *
 * <p>Every method throws a {@link LogException} if it fails. Nothing can be written with this writer any more then.
 */
public interface LogWriter extends AutoCloseable {
    /**
     * A record to write.
     *
     * @param partition null for the one that producers choose by the key
     * @param headers in their order
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Output(
            String topic,
            @Nullable Integer partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Map.Entry<String, byte[]>> headers) {}

    /**
     * Ends whatever an earlier writer of the same kind has left open, and keeps it from ever writing again. Afterwards
     * every transaction of it is decided.
     */
    void begin();

    /**
     * Writes in one transaction.
     *
     * @param group its offset of the partition is moved, along with what is written
     * @param topic of that partition
     */
    void commit(List<Output> outputs, String group, String topic, int partition, CommittedOffset offset);

    @Override
    void close();
}
