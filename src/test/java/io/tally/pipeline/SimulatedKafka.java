package io.tally.pipeline;

import io.tally.checkpoint.StateFormat;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * As much of a broker as one source partition meets: its source log, its state partition, the sink and side topics, the
 * group's offset, and transactions over them. One thread.
 */
final class SimulatedKafka {
    /** Stands for a killed process, and for every other exception out of the client. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    final List<SimRecord> source;
    final StateLog state = new StateLog();
    /** Everything in sink, late and dead-letter topic that a reader of committed records sees. */
    final List<String> outputs = new ArrayList<>();

    private final long sourceEnd;
    private long logStart;
    private boolean present;
    private long offset;
    private String metadata = "";
    private long nextTransaction;

    SimulatedKafka(List<SimRecord> source, long logStart, long sourceEnd) {
        this.source = source;
        this.logStart = logStart;
        this.sourceEnd = sourceEnd;
        offset = logStart;
    }

    /** What a transaction got; an {@link Outbox} that may fail at any call. */
    final class Transaction implements Outbox {
        /** In order: results, late records, dead letters, tombstones. */
        final List<String> sent = new ArrayList<>();
        /** Entries and birth marker in order. */
        final List<StateLog.Message> written = new ArrayList<>();

        /** Whether a send failed. */
        boolean failed;

        private final long id = nextTransaction++;
        final int limit;
        private int rows;
        private int callsUntilCrash;

        Transaction(int callsUntilCrash, int limit) {
            this.limit = limit;
            this.callsUntilCrash = callsUntilCrash;
        }

        @Override
        public void result(byte[] key, byte[] value) {
            call();
            rows++;
            sent.add("result " + HexFormat.of().formatHex(key) + " " + new String(value, StandardCharsets.UTF_8));
        }

        @Override
        public boolean hasRoom() {
            return rows < limit;
        }

        @Override
        public void late(SourceRecord record, Lateness lateness) {
            call();
            sent.add("late " + record.offset() + " " + lateness);
        }

        @Override
        public void shuffle(int partition, byte[] value) {
            throw new AssertionError("this simulation has no shuffle");
        }

        @Override
        public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
            throw new AssertionError("this simulation has no shuffle");
        }

        @Override
        public void deadLetter(SourceRecord record, Rejection rejection) {
            call();
            sent.add("dead letter " + record.offset());
        }

        @Override
        public void state(byte[] key, byte @Nullable [] value) {
            call();
            state.append(id, key, value);
            if (value == null) {
                int start = StateFormat.groupKeyStart();
                sent.add("tombstone " + StateFormat.sliceStart(key) + " "
                        + HexFormat.of().formatHex(key, start, key.length));
            } else {
                written.add(new StateLog.Message(0, key, value));
            }
        }

        private void call() {
            if (callsUntilCrash-- == 0) {
                failed = true;
                throw new Crash();
            }
        }
    }

    /**
     * Begins one.
     *
     * @param callsUntilCrash sends that succeed, -1 for all
     * @param limit how many rows there is room for
     */
    Transaction begin(int callsUntilCrash, int limit) {
        return new Transaction(callsUntilCrash, limit);
    }

    /** Commits; the marker may reach the state partition later than that of the offset. */
    void commit(Transaction transaction, CommitPoint point, boolean stateMarkerLater) {
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

    void abort(Transaction transaction, boolean stateMarkerLater) {
        if (stateMarkerLater) {
            state.endLater(transaction.id, false);
        } else {
            state.end(transaction.id, false);
        }
    }

    /**
     * The offsets are sent and the process dies around the commit: whoever asks for the offset waits until it is
     * decided. Gives whether it was committed.
     */
    boolean settlePending(Transaction transaction, CommitPoint point, boolean commits, boolean stateMarkerLater) {
        if (commits) {
            commit(transaction, point, stateMarkerLater);
        } else {
            abort(transaction, stateMarkerLater);
        }
        return commits;
    }

    /** What a consumer is told, once no transaction is pending on the offset. */
    Committed committed() {
        return new Committed(present, offset, metadata, logStart, sourceEnd);
    }

    /** An operator says where a new pipeline begins. */
    void resetOffset(long to) {
        present = true;
        offset = to;
        metadata = "";
    }

    long offset() {
        return offset;
    }

    long sourceEnd() {
        return sourceEnd;
    }

    /** Retention. */
    void trimSource(long to) {
        logStart = Math.max(logStart, to);
    }

    private boolean isSameRecord(int event) {
        return event > 0 && source.get(event).offset() == source.get(event - 1).offset();
    }

    /** Up to {@code limit} events in [from, to), but all of a record. */
    List<SimRecord> fetch(long from, long to, int limit) {
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
