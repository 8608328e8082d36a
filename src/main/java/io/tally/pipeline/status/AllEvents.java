package io.tally.pipeline.status;

import io.tally.checkpoint.Ledger;
import java.time.Duration;
import java.util.List;

/** Several receivers of events, each told in its turn. */
record AllEvents(List<PipelineEvents> receivers) implements PipelineEvents {
    @Override
    public boolean isWatched() {
        return receivers.stream().anyMatch(PipelineEvents::isWatched);
    }

    @Override
    public boolean takesSamples() {
        return receivers.stream().anyMatch(PipelineEvents::takesSamples);
    }

    @Override
    public void sampled(String pipeline, RowSample sample) {
        receivers.forEach(receiver -> receiver.sampled(pipeline, sample));
    }

    @Override
    public void lost(String pipeline, LostRecords records) {
        receivers.forEach(receiver -> receiver.lost(pipeline, records));
    }

    @Override
    public void committed(
            String pipeline, int partition, Ledger delta, long results, long stateRecords, PartitionSnapshot snapshot) {
        receivers.forEach(receiver -> receiver.committed(pipeline, partition, delta, results, stateRecords, snapshot));
    }

    @Override
    public void deadLettered(String pipeline, int partition, String reason, long count) {
        receivers.forEach(receiver -> receiver.deadLettered(pipeline, partition, reason, count));
    }

    @Override
    public void transaction(String pipeline, int lane, TransactionSize size, Duration duration, Duration commit) {
        receivers.forEach(receiver -> receiver.transaction(pipeline, lane, size, duration, commit));
    }

    @Override
    public void aborted(String pipeline, int lane, boolean byFencing, Throwable cause) {
        receivers.forEach(receiver -> receiver.aborted(pipeline, lane, byFencing, cause));
    }

    @Override
    public boolean takesTraces() {
        return receivers.stream().anyMatch(PipelineEvents::takesTraces);
    }

    @Override
    public int mostParents() {
        return receivers.stream().mapToInt(PipelineEvents::mostParents).max().orElse(0);
    }

    @Override
    public void traced(String pipeline, int lane, TransactionTrace trace) {
        receivers.forEach(receiver -> receiver.traced(pipeline, lane, trace));
    }

    @Override
    public void restored(String pipeline, int partition, Duration duration, long entries, long replayed) {
        receivers.forEach(receiver -> receiver.restored(pipeline, partition, duration, entries, replayed));
    }

    @Override
    public void activated(String pipeline, int partition) {
        receivers.forEach(receiver -> receiver.activated(pipeline, partition));
    }

    @Override
    public void refused(String pipeline, int partition, Refusal refusal) {
        receivers.forEach(receiver -> receiver.refused(pipeline, partition, refusal));
    }

    @Override
    public void predecessorFenced(String pipeline, int lane, String transactionalId) {
        receivers.forEach(receiver -> receiver.predecessorFenced(pipeline, lane, transactionalId));
    }

    @Override
    public void released(String pipeline, int partition) {
        receivers.forEach(receiver -> receiver.released(pipeline, partition));
    }
}
