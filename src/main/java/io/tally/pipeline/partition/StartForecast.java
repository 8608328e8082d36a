package io.tally.pipeline.partition;

import io.tally.checkpoint.AheadBounds;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Fingerprint;
import io.tally.heap.HeapLimitExceededException;
import io.tally.pipeline.Committed;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.status.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Says what a start would do with a partition, by the check that a {@link Restoration} begins with, and with its words.
 * It does not check whether the state is complete: only a restore reads all of it. Confined to one thread.
 */
public final class StartForecast implements AutoCloseable {
    private final PartitionMemory memory;
    private final LiveEntries found;
    private final RefusalTexts refuse;
    private final CommittedCheck check;
    private final Committed committed;
    /** Null where a new pipeline begins, or where it cannot be read. */
    private final @Nullable CommitMetadata metadata;

    private final boolean isSameStructure;
    private final boolean isSameReplay;
    private @Nullable Refusal damage;

    /** @param committed what is committed for the partition, and what its log holds */
    public StartForecast(SourcePartition source, PipelineSpec spec, Committed committed) {
        this.committed = committed;
        memory = new PartitionMemory(source, spec);
        memory.account.restoring(true);
        found = new LiveEntries(memory.account);
        refuse = new RefusalTexts(source);
        check = new CommittedCheck(memory, Stage.of(memory).history(), refuse);
        metadata = committed.present() ? read(committed.metadata()) : null;
        Fingerprint configured = memory.fingerprint();
        isSameStructure = metadata == null || metadata.fingerprint().structure().equals(configured.structure());
        isSameReplay = metadata == null || metadata.fingerprint().replay().equals(configured.replay());
    }

    /**
     * What a start would do.
     *
     * @param from the first record that it would read again, or the first one at all
     * @param to the first record that it has not counted
     * @param metadata what is committed; null where a new pipeline begins, or where it cannot be read
     * @param refusal why it would not start; null if it would
     * @param refusalAfterStop the same, if those that work on the partition were stopped cleanly before
     * @param isSameStructure whether key, window and aggregates are those of what is committed
     * @param isSameReplay whether everything that decides how a record is read and folded is
     */
    public record Outlook(
            long from,
            long to,
            @Nullable CommitMetadata metadata,
            @Nullable Refusal refusal,
            @Nullable Refusal refusalAfterStop,
            boolean isSameStructure,
            boolean isSameReplay) {}

    /**
     * Takes a record of the state partition, in the order of offsets.
     *
     * @return whether more are needed: the number of entries counts only if the structure has changed
     */
    public boolean state(long offset, byte @Nullable [] key, byte @Nullable [] value) {
        try {
            found.add(key, value);
        } catch (IllegalStateException e) {
            damage = refuse.damagedState("at its offset " + offset + " stands " + e.getMessage())
                    .refusal();
            return false;
        } catch (HeapLimitExceededException e) {
            damage = memory.restoreTooLarge(e).refusal();
            return false;
        }
        return found.birth() == null || !isSameStructure;
    }

    /** What a start would do, once the records are in. */
    public Outlook outlook() {
        CommitMetadata last = metadata;
        return new Outlook(
                last == null ? committed.offset() : last.recoveryOffset(),
                committed.offset(),
                last,
                refusal(committed),
                last == null ? refusal(committed) : refusal(stopped(last)),
                isSameStructure,
                isSameReplay);
    }

    private @Nullable Refusal refusal(Committed last) {
        if (damage != null) {
            return damage;
        }
        try {
            check.check(last, found.summary());
            return null;
        } catch (RefusedException e) {
            return e.refusal();
        }
    }

    /** As if all that is dirty had been written: there is nothing to replay. */
    private Committed stopped(CommitMetadata last) {
        CommitMetadata clean = new CommitMetadata(
                last.offset(),
                last.lostFrom(),
                last.watermark(),
                last.offset(),
                last.rowsLeft(),
                last.expired(),
                null,
                last.latestTime(),
                last.birthOffset(),
                last.ledger(),
                last.storedEntries(),
                last.storedDigest(),
                last.fingerprint(),
                last.transactionalId(),
                AheadBounds.NONE,
                last.header());
        return new Committed(
                true,
                committed.offset(),
                clean.format(),
                committed.logStart(),
                committed.logEnd(),
                committed.divergence());
    }

    private static @Nullable CommitMetadata read(String metadata) {
        try {
            return CommitMetadata.isOurs(metadata) ? CommitMetadata.parse(metadata) : null;
        } catch (IllegalArgumentException e) {
            // The check says so.
            return null;
        }
    }

    @Override
    public void close() {
        memory.account.close();
    }
}
