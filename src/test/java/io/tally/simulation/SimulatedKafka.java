package io.tally.simulation;

import io.tally.codec.SourceRecord;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of a broker as one source partition meets: its source log, its state partition, the sink and side topics, the
 * group's offset, and transactions over them. One thread.
 */
public final class SimulatedKafka<R extends SourceRecord> {
    public final List<R> source;
    public final StateLog state = new StateLog();
    /** Everything in sink, late and dead-letter topic that a reader of committed records sees. */
    public final List<String> outputs = new ArrayList<>();

    private long sourceEnd;
    private long logStart;
    private boolean present;
    private long offset;
    private String metadata = "";
    private long nextTransaction;

    public SimulatedKafka(List<R> source, long logStart, long sourceEnd) {
        this.source = source;
        this.logStart = logStart;
        this.sourceEnd = sourceEnd;
        offset = logStart;
    }

    /**
     * Begins one.
     *
     * @param callsUntilCrash sends that succeed, -1 for all
     * @param limit how many rows there is room for
     */
    public SimTransaction begin(int callsUntilCrash, int limit) {
        return new SimTransaction(state, nextTransaction++, callsUntilCrash, limit);
    }

    /** Commits; the marker may reach the state partition later than that of the offset. */
    public void commit(SimTransaction transaction, CommitPoint point, boolean stateMarkerLater) {
        present = true;
        offset = point.offset();
        metadata = point.metadata().format();
        transaction.sent.stream().filter(line -> !line.startsWith("tombstone")).forEach(outputs::add);
        if (stateMarkerLater) {
            state.endLater(transaction.id, true);
        } else {
            state.end(transaction.id, true);
        }
    }

    public void abort(SimTransaction transaction, boolean stateMarkerLater) {
        if (stateMarkerLater) {
            state.endLater(transaction.id, false);
        } else {
            state.end(transaction.id, false);
        }
    }

    /**
     * The process dies around the commit, after it has sent the offsets. Whoever asks for the offset waits until the
     * outcome is decided. Gives whether it was committed.
     */
    boolean settlePending(SimTransaction transaction, CommitPoint point, boolean commits, boolean stateMarkerLater) {
        if (commits) {
            commit(transaction, point, stateMarkerLater);
        } else {
            abort(transaction, stateMarkerLater);
        }
        return commits;
    }

    /** What a consumer is told, once no transaction is pending on the offset. */
    public Committed committed() {
        return new Committed(present, offset, metadata, logStart, sourceEnd);
    }

    /** An operator says where a new pipeline begins. */
    void resetOffset(long to) {
        present = true;
        offset = to;
        metadata = "";
    }

    public long offset() {
        return offset;
    }

    public long sourceEnd() {
        return sourceEnd;
    }

    /** Something is written to the source, at or behind its end. */
    public void append(R record) {
        source.add(record);
        sourceEnd = record.offset() + 1;
    }

    /** Whether there was a commit, or an operator's reset. */
    public boolean isPresent() {
        return present;
    }

    /** Retention. */
    public void trimSource(long to) {
        logStart = Math.max(logStart, to);
    }

    private boolean isSameRecord(int event) {
        return event > 0 && source.get(event).offset() == source.get(event - 1).offset();
    }

    /** Up to {@code limit} events in [from, to), but all of a record. */
    public List<R> fetch(long from, long to, int limit) {
        int low = 0;
        int high = source.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (source.get(middle).offset() < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int until = low;
        while (until < source.size()
                && (until - low < limit || isSameRecord(until))
                && source.get(until).offset() < to) {
            until++;
        }
        if (from < logStart && low < until) {
            throw new AssertionError("records from " + from + " are read, but the log starts at " + logStart);
        }
        return source.subList(low, until);
    }
}
