package io.tally.pipeline;

import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.checkpoint.StateFormat.Emission;
import io.tally.window.WindowEngine;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * When updates left that a recovery would have to count again: their time is the clock's doing, which a replay of the
 * source does not know. One small record of the state topic for each, instead of an entry for each row that left.
 *
 * <p>A record is of use until the recovery offset has passed it. Then its place is taken by a later one, so that the
 * state topic needs no tombstones: a recovery takes those beyond the recovery offset and leaves the others alone.
 * Confined to one thread.
 */
final class Emissions {
    private final StateFormat format = new StateFormat();
    /** What the state topic holds. */
    private final StateDigest stored;
    /** By {@code at}, ascending. */
    private final List<Emission> live = new ArrayList<>();

    private final BitSet places = new BitSet();
    private int replayed;

    Emissions(StateDigest stored) {
        this.stored = stored;
    }

    /** Rows left in the transaction that commits {@code at}: all whose oldest unsent change lay before an offset. */
    void add(long at, long changedBefore, Outbox outbox) {
        Emission emission = new Emission(places.nextClearBit(0), at, changedBefore);
        take(emission);
        byte[] key = format.emissionKey(emission.place());
        outbox.state(key, format.emissionValue(key, at, changedBefore));
    }

    /** Recoveries will begin there: what left until then is in the entries. */
    void recoverFrom(long offset) {
        int count = 0;
        while (count < live.size() && live.get(count).at() <= offset) {
            Emission emission = live.get(count++);
            places.clear(emission.place());
            stored.remove(checksum(emission), emission.at(), emission.changedBefore());
        }
        live.subList(0, count).clear();
    }

    /** Takes one in from the state topic, in any order. */
    void restore(Emission emission) {
        take(emission);
        live.sort(Comparator.comparingLong(Emission::at).thenComparingLong(Emission::changedBefore));
    }

    /** Before the record at an offset is replayed, or after the last, the rows are counted that left before it. */
    void replayTo(long offset, WindowEngine engine) {
        while (replayed < live.size() && live.get(replayed).at() <= offset) {
            engine.replayUpdates(live.get(replayed++).changedBefore());
        }
    }

    private void take(Emission emission) {
        places.set(emission.place());
        live.add(emission);
        stored.add(checksum(emission), emission.at(), emission.changedBefore());
    }

    private int checksum(Emission emission) {
        return format.keyChecksum(format.emissionKey(emission.place()));
    }
}
