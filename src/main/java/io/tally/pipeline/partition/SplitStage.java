package io.tally.pipeline.partition;

import io.tally.codec.Cuts;
import io.tally.codec.Framing;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.DecodingHistory;
import io.tally.codec.decode.RecordParts;
import io.tally.engine.EngineRestore;

/**
 * Takes records apart for another stage, which gets their events one after the other, as if each were a record. They
 * share an offset, so either all or none of them are in a transaction: a commit has no position within a record.
 */
final class SplitStage implements Stage {
    private final Stage stage;
    private final RunningLedger counts;
    private final RowSender rows;
    private final RecordParts parts;

    SplitStage(Stage stage, Framing framing, PartitionMemory memory) {
        this.stage = stage;
        counts = memory.counts;
        rows = memory.rows;
        parts = new RecordParts(framing);
    }

    @Override
    public boolean take(SourceRecord record) {
        int events = parts.of(record);
        if (events == RecordParts.REJECTED) {
            counts.deadLettered++;
            rows.outbox().deadLetter(record, parts.rejection());
            return true;
        }
        if (events == 0) {
            // There is nothing to count, and nothing is wrong.
            counts.filtered++;
            return true;
        }
        if (!stage.take(parts.part(record, 0))) {
            return false;
        }
        if (events > 1) {
            // What the first event has done cannot be left for later, so the others do not stop for lack of room.
            rows.ignoreLimit(true);
            try {
                for (int event = 1; event < events; event++) {
                    stage.take(parts.part(record, event));
                }
            } finally {
                rows.ignoreLimit(false);
            }
            counts.further += events - 1;
        }
        return true;
    }

    @Override
    public void replay(SourceRecord record, EngineRestore restore) {
        int events = parts.of(record);
        for (int event = 0; event < events; event++) {
            stage.replay(parts.part(record, event), restore);
        }
    }

    @Override
    public int eventsPerRecord() {
        return Cuts.MOST;
    }

    @Override
    public void restored() {
        stage.restored();
    }

    @Override
    public void endBatch(long nextOffset) {
        stage.endBatch(nextOffset);
    }

    @Override
    public void release() {
        parts.release();
        stage.release();
    }

    @Override
    public DecodingHistory history() {
        return stage.history();
    }

    @Override
    public boolean waitsForRecords() {
        return stage.waitsForRecords();
    }

    @Override
    public void idle() {
        stage.idle();
    }
}
