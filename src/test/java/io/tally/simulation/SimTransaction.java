package io.tally.simulation;

import io.tally.checkpoint.StateFormat;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a transaction of a {@link SimulatedKafka} got; an {@link Outbox} that may fail at any call. */
public final class SimTransaction implements Outbox {
    /** Stands for a killed process, and for every other exception out of the client. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A row as it left. */
    public record Row(byte[] key, byte[] value) {}

    /** In order: results, late records, dead letters, tombstones. */
    public final List<String> sent = new ArrayList<>();
    /** Entries and birth marker in order. */
    final List<StateLog.Message> written = new ArrayList<>();

    public final List<Row> rows = new ArrayList<>();
    public final List<Row> latePartials = new ArrayList<>();
    /** Offsets of late records. */
    public final List<Long> late = new ArrayList<>();
    /** By partition of the shuffle topic. */
    public final Map<Integer, List<byte[]>> shuffled = new TreeMap<>();

    /** Whether a send failed. */
    boolean failed;

    final long id;
    /** How many rows and tombstones there is room for. */
    final int limit;

    private final StateLog state;
    private int tombstones;
    private int callsUntilCrash;

    SimTransaction(StateLog state, long id, int callsUntilCrash, int limit) {
        this.state = state;
        this.id = id;
        this.callsUntilCrash = callsUntilCrash;
        this.limit = limit;
    }

    @Override
    public void result(int sink, byte[] key, byte[] value) {
        call();
        rows.add(new Row(key, value));
        sent.add("result " + HexFormat.of().formatHex(key) + " " + new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public boolean hasRoom(int besides) {
        return rows.size() + tombstones + besides < limit;
    }

    @Override
    public void late(SourceRecord record, Lateness lateness) {
        call();
        late.add(record.offset());
        sent.add("late " + record.offset() + " " + lateness);
    }

    @Override
    public void shuffle(int partition, byte[] value) {
        call();
        shuffled.computeIfAbsent(partition, any -> new ArrayList<>()).add(value);
    }

    @Override
    public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
        call();
        latePartials.add(new Row(key, row));
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
            tombstones++;
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
