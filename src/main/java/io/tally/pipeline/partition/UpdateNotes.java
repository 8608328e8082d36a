package io.tally.pipeline.partition;

import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.checkpoint.StateFormat.UpdateNote;
import io.tally.engine.EngineRestore;
import io.tally.pipeline.Outbox;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;

/**
 * Notes of when updates left. A recovery has to count those rows again, but a replay of the source cannot know when
 * they left, since the clock decided that. A note is one small record of the state topic, in place of an entry for each
 * row that left.
 *
 * <p>A note is of use until the recovery offset has passed it. Then a later one takes its place, so the state topic
 * needs no tombstones. A recovery takes the notes beyond the recovery offset and leaves the others alone. Confined to
 * one thread.
 */
final class UpdateNotes {
    /** The most notes that a restore should have to read. */
    static final int MANY = 10_000;

    private final StateFormat format = new StateFormat();
    /** What the state topic holds. */
    private final StateDigest stored;
    /** The notes of use, in their order. */
    private final Deque<UpdateNote> live = new ArrayDeque<>();

    private final BitSet places = new BitSet();
    /** The notes of {@link #live} that a restore has yet to come to. */
    private final Deque<UpdateNote> toReplay = new ArrayDeque<>();

    UpdateNotes(StateDigest stored) {
        this.stored = stored;
    }

    /** Rows left in the transaction that commits {@code at}: all whose oldest unsent change lay before an offset. */
    void add(long at, long changedBefore, Outbox outbox) {
        UpdateNote emission = new UpdateNote(places.nextClearBit(0), at, changedBefore);
        take(emission);
        byte[] key = format.emissionKey(emission.place());
        outbox.state(key, format.emissionValue(key, at, changedBefore));
    }

    /** Recoveries will begin there: what left until then is in the entries. */
    void recoverFrom(long offset) {
        while (!live.isEmpty() && live.getFirst().at() <= offset) {
            UpdateNote useless = live.removeFirst();
            places.clear(useless.place());
            stored.remove(checksum(useless), useless.at(), useless.changedBefore());
        }
    }

    /**
     * The offset before which entries must be written whatever their age; {@link Long#MIN_VALUE} for none. There is one
     * if there are many notes, since only written entries make them useless.
     */
    long writeBefore() {
        return live.size() < MANY ? Long.MIN_VALUE : live.getFirst().at();
    }

    /** Takes in what the state topic has of use. */
    void restore(Collection<UpdateNote> emissions) {
        emissions.stream()
                .sorted(Comparator.comparingLong(UpdateNote::at).thenComparingLong(UpdateNote::changedBefore))
                .forEach(this::take);
        toReplay.addAll(live);
    }

    /** Before the record at an offset is replayed, or after the last, the rows are counted that left before it. */
    void replayTo(long offset, EngineRestore restore) {
        while (!toReplay.isEmpty() && toReplay.getFirst().at() <= offset) {
            restore.replayEarlyRows(toReplay.removeFirst().changedBefore());
        }
    }

    private void take(UpdateNote emission) {
        places.set(emission.place());
        live.add(emission);
        stored.add(checksum(emission), emission.at(), emission.changedBefore());
    }

    private int checksum(UpdateNote emission) {
        return format.keyChecksum(format.emissionKey(emission.place()));
    }
}
