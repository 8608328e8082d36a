package io.tally.pipeline.partition;

import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import org.jspecify.annotations.Nullable;

/** Takes everything and keeps nothing; a test overrides what it looks at. */
class Nowhere implements Outbox {
    @Override
    public void result(int sink, byte[] key, byte[] value) {}

    @Override
    public void late(SourceRecord record, Lateness lateness) {}

    @Override
    public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {}

    @Override
    public void deadLetter(SourceRecord record, Rejection rejection) {}

    @Override
    public void shuffle(int partition, byte[] value) {}

    @Override
    public void state(byte[] key, byte @Nullable [] value) {}
}
