package io.tally.testkafka;

import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.RowSample;
import io.tally.pipeline.status.TransactionSize;
import io.tally.pipeline.status.TransactionTrace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** What one instance says that it did. */
public final class RecordedEvents implements PipelineEvents {
    /** A restore that went through. */
    public record Restored(int partition, long entries, long replayed) {}

    public final List<Restored> restores = new CopyOnWriteArrayList<>();
    public final List<Throwable> aborts = new CopyOnWriteArrayList<>();
    public final List<Refusal> refusals = new CopyOnWriteArrayList<>();
    public final List<String> fenced = new CopyOnWriteArrayList<>();
    public final AtomicLong records = new AtomicLong();
    public final AtomicLong results = new AtomicLong();
    public final AtomicLong transactions = new AtomicLong();
    /** Number of its records. */
    public final AtomicLong largestTransaction = new AtomicLong();

    /** Number of its rows. */
    public final AtomicLong mostRows = new AtomicLong();

    /** Number of its records in the state topic. */
    public final AtomicLong mostStateRecords = new AtomicLong();

    public final AtomicLong releases = new AtomicLong();
    public final List<RowSample> samples = new CopyOnWriteArrayList<>();
    public final List<LostRecords> lost = new CopyOnWriteArrayList<>();
    /** Whether samples are taken; to be set before the instance starts. */
    public volatile boolean takesSamples;

    public final List<TransactionTrace> traces = new CopyOnWriteArrayList<>();

    /** The most parents of a trace, negative if none are taken; to be set before the instance starts. */
    public volatile int mostParents = -1;

    /** Whether somebody watches. */
    public volatile boolean watched;

    /** Records of the transaction whose commits are being told. */
    private final AtomicLong inTransaction = new AtomicLong();

    private final AtomicLong rowsInTransaction = new AtomicLong();
    private final AtomicLong stateRecordsInTransaction = new AtomicLong();

    @Override
    public boolean takesSamples() {
        return takesSamples;
    }

    @Override
    public void sampled(String pipeline, RowSample sample) {
        samples.add(sample);
    }

    @Override
    public void lost(String pipeline, LostRecords records) {
        lost.add(records);
    }

    @Override
    public boolean takesTraces() {
        return mostParents >= 0;
    }

    @Override
    public int mostParents() {
        return Math.max(0, mostParents);
    }

    @Override
    public void traced(String pipeline, int lane, TransactionTrace trace) {
        traces.add(trace);
    }

    @Override
    public boolean isWatched() {
        return watched;
    }

    @Override
    public void committed(
            String pipeline, int partition, Ledger delta, long rows, long stateRecords, PartitionSnapshot snapshot) {
        records.addAndGet(delta.total());
        inTransaction.addAndGet(delta.total());
        results.addAndGet(rows);
        rowsInTransaction.addAndGet(rows);
        stateRecordsInTransaction.addAndGet(stateRecords);
    }

    @Override
    public void transaction(String pipeline, int lane, TransactionSize size, Duration duration, Duration commit) {
        transactions.incrementAndGet();
        mostStateRecords.accumulateAndGet(stateRecordsInTransaction.getAndSet(0), Math::max);
        mostRows.accumulateAndGet(rowsInTransaction.getAndSet(0), Math::max);
        largestTransaction.accumulateAndGet(inTransaction.getAndSet(0), Math::max);
    }

    @Override
    public void released(String pipeline, int partition) {
        releases.incrementAndGet();
    }

    @Override
    public void aborted(String pipeline, int lane, boolean byFencing, Throwable cause) {
        aborts.add(cause);
    }

    @Override
    public void restored(String pipeline, int partition, Duration duration, long entries, long replayed) {
        restores.add(new Restored(partition, entries, replayed));
    }

    @Override
    public void refused(String pipeline, int partition, Refusal refusal) {
        refusals.add(refusal);
    }

    @Override
    public void predecessorFenced(String pipeline, int lane, String transactionalId) {
        fenced.add(transactionalId);
    }

    /** How many records all restores together replayed. */
    public long replayed() {
        return restores.stream().mapToLong(Restored::replayed).sum();
    }
}
