package io.tally.command.redrive;

import io.tally.codec.key.Partitioner;
import io.tally.command.MemoryLog;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Transactions on topics in memory. One of them may fail: nothing of it is there then, or all. */
final class MemoryWriter implements LogWriter {
    private final MemoryLog log;
    private int left = Integer.MAX_VALUE;
    private boolean failsAfterwards;
    /** How many transactions were committed. */
    int transactions;

    MemoryWriter(MemoryLog log) {
        this.log = log;
    }

    /** Fails after so many transactions. */
    MemoryWriter failing(int after, boolean afterwards) {
        left = after;
        failsAfterwards = afterwards;
        return this;
    }

    @Override
    public void begin() {
        // There is nobody else.
    }

    @Override
    public void commit(List<Output> outputs, String group, String topic, int partition, CommittedOffset offset) {
        boolean fails = left-- <= 0;
        if (!fails || failsAfterwards) {
            outputs.forEach(this::add);
            TreeMap<Integer, CommittedOffset> offsets = new TreeMap<>(log.committed(group, topic));
            offsets.put(partition, offset);
            log.commit(group, topic, offsets);
            transactions++;
        }
        if (fails) {
            throw new LogException("the process dies");
        }
    }

    private void add(Output output) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        output.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
        byte[] key = output.key();
        Integer partition = output.partition();
        int target = partition != null
                ? partition
                : Partitioner.MURMUR2.partition(key, 0, key.length, log.partitions(output.topic()));
        log.append(output.topic(), target, 0, key, output.value(), headers);
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
