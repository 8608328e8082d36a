package io.tally.kafka.member;

import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.status.Refusal;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * How a restore ended: with a processor and its position, or with a refusal.
 *
 * @param attempt the restore
 * @param processor the restored partition; null if it is refused
 * @param position where it goes on
 * @param refusal why it is refused; null if it is restored
 * @param note what must be committed, so that the refusal stays; null if its cause stays visible
 */
public record Restored(
        Cancellation attempt,
        @Nullable PartitionProcessor processor,
        OffsetAndMetadata position,
        @Nullable Refusal refusal,
        @Nullable CommitPoint note) {
    public Restored(Cancellation attempt, PartitionProcessor processor, OffsetAndMetadata position) {
        this(attempt, processor, position, null, null);
    }

    public Restored(Cancellation attempt, Refusal refusal, @Nullable CommitPoint note) {
        this(attempt, null, new OffsetAndMetadata(0), refusal, note);
    }
}
