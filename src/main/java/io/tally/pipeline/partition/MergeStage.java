package io.tally.pipeline.partition;

import io.tally.aggregate.DamagedException;
import io.tally.aggregate.StateInput;
import io.tally.checkpoint.ShuffleFormat;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.engine.EngineRestore;
import io.tally.engine.WindowEngine;
import io.tally.engine.partial.Partial;
import io.tally.heap.EntryLimitExceededException;
import io.tally.pipeline.Lateness;
import io.tally.window.WindowKind;

/**
 * From the partial aggregates of the shuffle topic to the rows of the sink, by the minimum of the source's watermarks.
 *
 * <p>Its ledger counts the records that the partials stand for. So each record that a combine stage has folded is
 * either folded or late here. A partial is late for one of three reasons: its source partition was idle, its source
 * partition was added while the others went on, or only other events of its key could have kept its session or total
 * open.
 */
final class MergeStage implements Stage {
    private final PartitionMemory memory;
    private final WindowEngine engine;
    private final SourceWatermarks sources;
    private final RefusalTexts refuse;
    private final Partial partial = new Partial();
    private final LatePartials latePartials;

    MergeStage(PartitionMemory memory, SourceWatermarks sources) {
        this.memory = memory;
        this.sources = sources;
        engine = memory.engine;
        refuse = new RefusalTexts(memory.source);
        latePartials = new LatePartials(memory.spec, memory.rows);
    }

    @Override
    public boolean take(SourceRecord record) {
        // The rows that the record causes leave after it, and may wait for a later transaction. So the record is taken
        // in any case.
        read(record, new Live(record));
        return true;
    }

    @Override
    public void replay(SourceRecord record, EngineRestore restore) {
        read(record, new Replayed(record, restore));
    }

    private void read(SourceRecord record, Reading reading) {
        ByteRange value = record.value();
        try {
            if (value == null) {
                throw new DamagedException("a record without a value");
            }
            // One record stands for a batch, so that its copy costs nothing.
            ShuffleFormat.read(value.copy(), reading);
        } catch (DamagedException e) {
            throw refuse.damagedShuffle(record.offset(), String.valueOf(e.getMessage()));
        }
    }

    /** How far the sources are is part of the state, so that nothing else has to say where the watermark was going. */
    @Override
    public void restored() {
        aim(memory.spec.window().hasPartialsByWatermark());
    }

    /**
     * Closes what the watermark of all sources has passed. If all sources are idle, it closes everything, and the
     * watermark goes as far as the furthest source was. It does so also where this merge has nothing open. Otherwise a
     * record that comes back behind that time would be late for some keys and count for others. (Flink's watermark of a
     * shuffle does the same.)
     *
     * @param byWatermark whether the last report came with partials that tell their watermarks
     */
    private void aim(boolean byWatermark) {
        if (!totalsStay(byWatermark)) {
            engine.aim(sources.merged());
        }
        if (sources.isAllIdle()) {
            engine.aimAtAll();
        }
    }

    /** Whether totals stay when all sources are idle. They do so only for what older versions have committed. */
    private boolean totalsStay(boolean byWatermark) {
        return sources.isAllIdle() && !byWatermark && memory.spec.window().kind() instanceof WindowKind.Totals;
    }

    /** Merges never say that they are idle: their sources do. */
    @Override
    public boolean waitsForRecords() {
        return false;
    }

    @Override
    public void idle() {
        throw new IllegalStateException("a merge is idle when all its sources have said so");
    }

    /** One shuffle record being read. */
    private abstract class Reading implements ShuffleFormat.Visitor {
        final SourceRecord record;
        boolean byWatermark;
        int source;
        int sourcePartitions;

        Reading(SourceRecord record) {
            this.record = record;
        }

        @Override
        public void source(String structure, boolean withWatermarks, int partition, int partitions) {
            if (!structure.equals(memory.spec.fingerprint().structure())) {
                throw refuse.otherPartials(record.offset(), structure);
            }
            byWatermark = withWatermarks;
            source = partition;
            sourcePartitions = partitions;
        }

        @Override
        public void partial(long first, long last, byte[] bytes, int keyStart, int keyLength, StateInput accumulators) {
            // Before partials told where totals with a ttl begin, they joined what was there when they came.
            boolean untold = memory.spec.window().hasPartialsByWatermark() && !byWatermark;
            partial.times(untold ? engine.watermark() : first, last);
            partial.key(bytes, keyStart, keyLength);
            partial.accumulators(accumulators);
            fold(accumulators);
        }

        /** Folds {@link #partial}; reads the number of records in front of the accumulators first. */
        abstract void fold(StateInput accumulators);
    }

    private final class Live extends Reading {
        Live(SourceRecord record) {
            super(record);
        }

        @Override
        void fold(StateInput accumulators) {
            long records = accumulators.readUnsigned();
            int start = accumulators.position();
            if (foldPartial()) {
                accumulators.expectEnd();
                memory.counts.folded += records;
            } else {
                memory.counts.late += records;
                partial.accumulators(accumulators.from(start));
                memory.rows
                        .outbox()
                        .latePartial(record, latePartials.key(partial), latePartials.row(partial, engine), lateness());
            }
        }

        private Lateness lateness() {
            return new Lateness(
                    partial.maxTime(),
                    engine.windowStart(partial.minTime()),
                    engine.windowEnd(partial.maxTime()),
                    engine.watermark());
        }

        private boolean foldPartial() {
            try {
                return engine.foldPartial(partial, record.offset(), memory.rows);
            } catch (EntryLimitExceededException e) {
                throw memory.tooManyEntries(record.offset(), e);
            }
        }

        @Override
        public void progress(long offset, long watermark, boolean idle) {
            sources.report(source, sourcePartitions, offset, watermark, idle, record.timestamp(), record.offset());
            aim(byWatermark);
            engine.catchUp(memory.rows);
        }
    }

    private final class Replayed extends Reading {
        private final EngineRestore restore;

        Replayed(SourceRecord record, EngineRestore restore) {
            super(record);
            this.restore = restore;
        }

        @Override
        void fold(StateInput accumulators) {
            accumulators.readUnsigned();
            restore.replayPartial(partial, record.offset());
        }

        @Override
        public void progress(long offset, long watermark, boolean idle) {
            sources.replay(source, sourcePartitions, offset, watermark, idle, record.timestamp(), record.offset());
            if (!totalsStay(byWatermark)) {
                restore.advanceWatermark(sources.merged());
            }
            if (sources.isAllIdle()) {
                restore.closeAll();
            }
        }
    }
}
