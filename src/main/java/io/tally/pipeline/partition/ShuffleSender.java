package io.tally.pipeline.partition;

import io.tally.aggregate.StateOutput;
import io.tally.checkpoint.ShuffleFormat;
import io.tally.engine.WindowEngine;
import io.tally.engine.partial.Combiner;
import io.tally.engine.partial.PartialRow;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.ShufflePartitioner;

/**
 * Sends partials to the shuffle partitions that their keys belong to, and tells all of them how far the source
 * partition is. One record per shuffle partition and batch; more if it would grow large.
 */
final class ShuffleSender {
    /**
     * A record of this size is sent, and another one begun. It is far below what brokers and clients accept by default.
     */
    private static final int LARGE = 256 * 1024;

    private final String structure;
    private final boolean byWatermark;
    private final int partition;
    private final int partitions;
    private final StateOutput[] records;
    private final StateOutput accumulators = new StateOutput();
    private final ShufflePartitioner partitioner;
    private long toldWatermark = WindowEngine.NO_WATERMARK;
    private boolean toldIdle;

    /**
     * A sender for one source partition.
     *
     * @param structure fingerprint of what makes the partials
     * @param byWatermark see {@link ShuffleFormat.Visitor#source}
     * @param partition number of the source partition
     * @param partitions how many the source has
     * @param targets number of shuffle partitions
     */
    ShuffleSender(String structure, boolean byWatermark, int partition, int partitions, int targets) {
        if (partition >= partitions) {
            throw new IllegalArgumentException("source partition " + partition + " of " + partitions);
        }
        this.structure = structure;
        this.byWatermark = byWatermark;
        this.partition = partition;
        this.partitions = partitions;
        partitioner = new ShufflePartitioner(targets);
        records = new StateOutput[targets];
        for (int i = 0; i < targets; i++) {
            records[i] = new StateOutput();
        }
    }

    /** Sends the combiner's partials before its batch ends, and empties it. */
    void sendPartials(Combiner combiner, Outbox outbox) {
        combiner.takePartials(row -> add(row, outbox));
    }

    /** Sends the combiner's partials and how far the source is, and empties the combiner. */
    void send(Combiner combiner, long nextOffset, long watermark, boolean idle, Outbox outbox) {
        sendPartials(combiner, outbox);
        boolean news = watermark != toldWatermark || idle != toldIdle;
        for (int target = 0; target < records.length; target++) {
            StateOutput record = records[target];
            if (news || record.size() > 0) {
                begin(record);
                // Before the first watermark there is nothing to report, unless the partition is idle.
                if (watermark != WindowEngine.NO_WATERMARK || idle) {
                    ShuffleFormat.progress(record, nextOffset, watermark, idle);
                }
                finish(target, outbox);
            }
        }
        toldWatermark = watermark;
        toldIdle = idle;
    }

    private void add(PartialRow row, Outbox outbox) {
        int target = partitioner.partition(row.keyBuffer(), row.keyStart(), row.keyLength());
        StateOutput record = records[target];
        accumulators.reset();
        row.writeAccumulators(accumulators);
        if (record.size() > 0 && record.size() + accumulators.size() + row.keyLength() > LARGE) {
            finish(target, outbox);
        }
        begin(record);
        ShuffleFormat.partial(
                record,
                byWatermark,
                row.minTime(),
                row.maxTime(),
                row.keyBuffer(),
                row.keyStart(),
                row.keyLength(),
                accumulators);
    }

    private void begin(StateOutput record) {
        if (record.size() == 0) {
            ShuffleFormat.begin(record, structure, byWatermark, partition, partitions);
        }
    }

    private void finish(int target, Outbox outbox) {
        outbox.shuffle(target, records[target].toByteArray());
        records[target].reset();
    }
}
