package io.tally.pipeline;

import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.checkpoint.StateFormat.Emission;
import io.tally.window.WindowEngine;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * When updates left that a recovery would have to count again: their time is the clock's doing, which a replay of the
 * source does not know. One small record of the state topic for each, instead of an entry for each row that left.
 *
 * <p>A record is of use until the recovery offset has passed it. Then its place is taken by a later one, so that the
 * state topic needs no tombstones: a recovery takes those beyond the recovery offset and leaves the others alone.
 * Confined to one thread.
 */
final class Emissions {
    /** So many that a restore should not have to read more. */
    static final int MANY = 10_000;

    private final StateFormat format = new StateFormat();
    /** What the state topic holds. */
    private final StateDigest stored;
    /** In their order. */
    private final Deque<Emission> live = new ArrayDeque<>();

    private final BitSet places = new BitSet();
    private Iterator<Emission> toReplay = Collections.emptyIterator();
    private @Nullable Emission next;

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
        for (Emission first = live.peekFirst(); first != null && first.at() <= offset; first = live.peekFirst()) {
            live.removeFirst();
            places.clear(first.place());
            stored.remove(checksum(first), first.at(), first.changedBefore());
        }
    }

    /**
     * The offset before which entries must be written whatever their age, since there are many emissions which only
     * that makes useless; {@link Long#MIN_VALUE} if there are few.
     */
    long writeBefore() {
        return live.size() < MANY ? Long.MIN_VALUE : live.getFirst().at();
    }

    /** Takes in what the state topic has of use. */
    void restore(Collection<Emission> emissions) {
        emissions.stream()
                .sorted(Comparator.comparingLong(Emission::at).thenComparingLong(Emission::changedBefore))
                .forEach(this::take);
        toReplay = live.iterator();
        next = toReplay.hasNext() ? toReplay.next() : null;
    }

    /** Before the record at an offset is replayed, or after the last, the rows are counted that left before it. */
    void replayTo(long offset, WindowEngine engine) {
        while (next != null && next.at() <= offset) {
            engine.replayUpdates(next.changedBefore());
            next = toReplay.hasNext() ? toReplay.next() : null;
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
