package io.tally.pipeline;

import io.tally.codec.Framing;
import io.tally.codec.RecordParts;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes records apart for another stage, which gets their events one after the other, as if each were a record. They
 * share an offset, so either all or none of them are in a transaction: a commit has no position within a record.
 */
final class SplitStage implements Stage {
    private final Stage stage;
    private final Totals totals;
    private final RecordParts parts;

    SplitStage(Stage stage, Framing framing, Totals totals) {
        this.stage = stage;
        this.totals = totals;
        parts = new RecordParts(framing);
    }

    @Override
    public boolean process(SourceRecord record, Outbox outbox) {
        int events = parts.of(record);
        if (events == RecordParts.REJECTED) {
            totals.deadLettered++;
            outbox.deadLetter(record, parts.rejection());
            return true;
        }
        if (events == 0) {
            // There is nothing to count, and nothing is wrong.
            totals.filtered++;
            return true;
        }
        if (!stage.process(parts.part(record, 0), outbox)) {
            return false;
        }
        if (events > 1) {
            // What the first event has done cannot be left for later, so the others do not stop for lack of room.
            Outbox roomy = new RoomyOutbox(outbox);
            for (int event = 1; event < events; event++) {
                stage.process(parts.part(record, event), roomy);
            }
            totals.further += events - 1;
        }
        return true;
    }

    @Override
    public void replay(SourceRecord record) {
        int events = parts.of(record);
        for (int event = 0; event < events; event++) {
            stage.replay(parts.part(record, event));
        }
    }

    @Override
    public void restored() {
        stage.restored();
    }

    @Override
    public void endBatch(long nextOffset, Outbox outbox) {
        stage.endBatch(nextOffset, outbox);
    }

    @Override
    public void release() {
        parts.release();
        stage.release();
    }

    @Override
    public @Nullable Long latestTime() {
        return stage.latestTime();
    }

    @Override
    public void resumeAfter(long latestTime) {
        stage.resumeAfter(latestTime);
    }

    @Override
    public boolean waitsForRecords() {
        return stage.waitsForRecords();
    }

    @Override
    public void idle(Outbox outbox) {
        stage.idle(outbox);
    }

    /** An outbox that always has room. */
    private record RoomyOutbox(Outbox outbox) implements Outbox {
        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void result(byte[] key, byte[] value) {
            outbox.result(key, value);
        }

        @Override
        public void shuffle(int partition, byte[] value) {
            outbox.shuffle(partition, value);
        }

        @Override
        public void late(SourceRecord record, Lateness lateness) {
            outbox.late(record, lateness);
        }

        @Override
        public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
            outbox.latePartial(record, key, row, lateness);
        }

        @Override
        public void deadLetter(SourceRecord record, Rejection rejection) {
            outbox.deadLetter(record, rejection);
        }

        @Override
        public void state(byte[] key, byte @Nullable [] value) {
            outbox.state(key, value);
        }
    }
}
