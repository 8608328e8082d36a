package io.tally.kafka;

import io.tally.codec.SourceRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The one reusable view through which the core sees the client's records. */
final class RecordView implements SourceRecord {
    private @Nullable ConsumerRecord<byte[], byte[]> current;

    RecordView of(ConsumerRecord<byte[], byte[]> record) {
        current = record;
        return this;
    }

    ConsumerRecord<byte[], byte[]> record() {
        if (current == null) {
            throw new IllegalStateException("no current record");
        }
        return current;
    }

    @Override
    public long offset() {
        return record().offset();
    }

    @Override
    public long timestamp() {
        return record().timestamp();
    }

    @Override
    public byte @Nullable [] key() {
        return record().key();
    }

    @Override
    public byte @Nullable [] value() {
        return record().value();
    }
}
