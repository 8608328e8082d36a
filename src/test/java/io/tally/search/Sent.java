package io.tally.search;

import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what a processor sends, in the words of {@link io.tally.simulation.SimFold}. */
final class Sent implements Outbox {
    final List<String> lines = new ArrayList<>();
    final List<StateRecord> state = new ArrayList<>();

    void clear() {
        lines.clear();
        state.clear();
    }

    @Override
    public void result(int sink, byte[] key, byte[] value) {
        lines.add("result " + HexFormat.of().formatHex(key) + " " + new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public void late(SourceRecord record, Lateness lateness) {
        lines.add("late " + record.offset() + " " + lateness);
    }

    @Override
    public void deadLetter(SourceRecord record, Rejection rejection) {
        lines.add("dead letter " + record.offset());
    }

    @Override
    public void state(byte[] key, byte @Nullable [] value) {
        state.add(StateRecord.of(key, value));
    }

    @Override
    public void shuffle(int partition, byte[] value) {
        throw new Violation("a record went into a shuffle");
    }

    @Override
    public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
        throw new Violation("a partial went to the late topic");
    }
}
