package io.tally.page;

import io.tally.checkpoint.Ledger;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.status.DataVisibility;
import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.Refusal;
import io.tally.pipeline.status.RowSample;
import io.tally.pipeline.status.TransactionSize;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

/** Keeps what happens for the page: counts until they are taken, and the latest events. */
final class PageEvents implements PipelineEvents {
    private static final String CLIENTS = "org.apache.kafka.";

    private final Clock clock;
    private final EventLog log;
    private final DataVisibility values;
    private final Map<String, Outcomes> outcomes = new ConcurrentHashMap<>();
    private final Map<String, Counts> counts = new ConcurrentHashMap<>();
    private volatile boolean watched;

    /** @param values whether keys and values are kept and shown */
    PageEvents(Clock clock, EventLog log, DataVisibility values) {
        this.values = values;
        this.clock = clock;
        this.log = log;
    }

    Counts counts(String pipeline) {
        return counts.computeIfAbsent(pipeline, name -> new Counts());
    }

    Outcomes outcomes(String pipeline) {
        return outcomes.computeIfAbsent(pipeline, name -> new Outcomes());
    }

    boolean areValuesShown() {
        return values == DataVisibility.SHOW;
    }

    /** What may be shown of a refusal. */
    Refusal shown(Refusal refusal) {
        return areValuesShown() ? refusal : refusal.withoutData();
    }

    @Override
    public boolean takesSamples() {
        return areValuesShown();
    }

    @Override
    public void sampled(String pipeline, RowSample sample) {
        outcomes(pipeline).rows(clock.millis(), sample);
    }

    @Override
    public void lost(String pipeline, LostRecords records) {
        outcomes(pipeline).lost(clock.millis(), records);
    }

    /** Whether a page is open. */
    void watched(boolean now) {
        watched = now;
    }

    @Override
    public boolean isWatched() {
        return watched;
    }

    @Override
    public void committed(
            String pipeline, int partition, Ledger delta, long results, long stateRecords, PartitionSnapshot snapshot) {
        counts(pipeline).committed(delta, results);
    }

    @Override
    public void transaction(String pipeline, int lane, TransactionSize size, Duration duration, Duration commit) {
        counts(pipeline).commit(commit);
    }

    @Override
    public void aborted(String pipeline, int lane, boolean byFencing, Throwable cause) {
        add(EventLog.Kind.FAILED, pipeline, lane, inWords(cause), true);
    }

    @Override
    public void restored(String pipeline, int partition, Duration duration, long entries, long replayed) {
        String text = "in " + duration.toMillis() + " ms, with " + entries + " entries from the state topic and "
                + replayed + " records read again";
        add(EventLog.Kind.RESTORED, pipeline, partition, text, false);
    }

    @Override
    public void refused(String pipeline, int partition, Refusal refusal) {
        add(EventLog.Kind.REFUSED, pipeline, partition, shown(refusal).toString(), true);
    }

    @Override
    public void predecessorFenced(String pipeline, int lane, String transactionalId) {
        add(EventLog.Kind.FENCED, pipeline, lane, transactionalId, true);
    }

    @Override
    public void released(String pipeline, int partition) {
        add(EventLog.Kind.RELEASED, pipeline, partition, null, false);
    }

    private void add(EventLog.Kind kind, String pipeline, int where, @Nullable String text, boolean sameText) {
        log.add(clock.millis(), kind, pipeline, where, text, sameText);
    }

    /** The innermost cause: the outer ones only say that a transaction failed. */
    private String inWords(Throwable cause) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(cause);
        String name = root.getClass().getSimpleName();
        if (root instanceof RefusedException refused) {
            return name + ": " + shown(refused.refusal());
        }
        // A client speaks of topics and brokers. What others say may be of a record.
        return areValuesShown() || root.getClass().getName().startsWith(CLIENTS)
                ? name + ": " + root.getMessage()
                : name + "; the log has more of it";
    }
}
