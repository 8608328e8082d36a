package io.tally.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A partition of a compacted topic as Kafka keeps it. Records of transactions are in the log before their outcome is
 * known. A reader of committed records stops at the first transaction without an outcome. Markers take offsets, and
 * compaction leaves holes.
 */
public final class StateLog {
    /** A record; a null value is a tombstone. */
    public record Message(long offset, byte[] key, byte @Nullable [] value) {}

    private record Slot(Message message, long transaction) {}

    /** By offset. */
    private final NavigableMap<Long, Slot> slots = new TreeMap<>();
    /** Offset of the first record of each transaction whose marker is not there yet. */
    private final Map<Long, Long> open = new HashMap<>();

    private final Set<Long> aborted = new HashSet<>();
    /** Tombstones that went through a compaction, so that the next one removes them. */
    private final Set<Long> oldTombstones = new HashSet<>();
    /** Markers that are decided, but did not reach this partition yet: transaction to committed or not. */
    private final Map<Long, Boolean> underWay = new HashMap<>();

    private long end;

    void append(long transaction, byte[] key, byte @Nullable [] value) {
        open.putIfAbsent(transaction, end);
        slots.put(end, new Slot(new Message(end, key, value), transaction));
        end++;
    }

    /** Ends a transaction. */
    void end(long transaction, boolean committed) {
        if (open.remove(transaction) != null) {
            end++;
            if (!committed) {
                aborted.add(transaction);
            }
        }
    }

    /** Ends a transaction whose marker comes later. */
    void endLater(long transaction, boolean committed) {
        underWay.put(transaction, committed);
    }

    public void deliverMarkers() {
        underWay.forEach(this::end);
        underWay.clear();
    }

    long highWatermark() {
        return end;
    }

    long lastStable() {
        return open.isEmpty() ? end : Collections.min(open.values());
    }

    /** What a reader of committed records sees from {@code from} on. */
    public List<Message> committed(long from) {
        return committed(from, end, Integer.MAX_VALUE);
    }

    /** The first {@code most} of those that lie before {@code to}. */
    private List<Message> committed(long from, long to, int most) {
        List<Message> messages = new ArrayList<>();
        long stable = Math.max(from, Math.min(to, lastStable()));
        for (Slot slot : slots.subMap(from, stable).values()) {
            if (messages.size() == most) {
                break;
            }
            if (!aborted.contains(slot.transaction)) {
                messages.add(slot.message);
            }
        }
        return messages;
    }

    /**
     * Reads as a restore must: up to the high watermark as of now, waiting for markers. Compaction may run meanwhile,
     * though not so often that a tombstone goes that the reader has yet to see.
     */
    public void read(Random random, Consumer<Message> reader) {
        long goal = highWatermark();
        long position = 0;
        boolean compacted = false;
        while (position < goal) {
            int batch = 1 + random.nextInt(20);
            List<Message> messages = committed(position, goal, batch);
            for (Message message : messages) {
                reader.accept(message);
                position = message.offset + 1;
            }
            if (messages.size() < batch) {
                position = Math.min(goal, lastStable());
                deliverMarkers();
            } else if (!compacted && random.nextInt(8) == 0) {
                compacted = true;
                compact(random);
            }
        }
    }

    /** Removes superseded and aborted records below some offset, and tombstones that an earlier pass found. */
    public void compact(Random random) {
        long bound = lastStable() == 0 ? 0 : random.nextLong(lastStable() + 1);
        Map<String, Long> newest = new HashMap<>();
        for (Slot slot : slots.values()) {
            if (slot.message.offset < bound && !aborted.contains(slot.transaction)) {
                newest.put(name(slot), slot.message.offset);
            }
        }
        slots.values().removeIf(slot -> {
            long offset = slot.message.offset;
            return offset < bound
                    && (aborted.contains(slot.transaction)
                            || newest.getOrDefault(name(slot), -1L) != offset
                            || oldTombstones.contains(offset));
        });
        for (Slot slot : slots.values()) {
            if (slot.message.offset < bound && slot.message.value == null) {
                oldTombstones.add(slot.message.offset);
            }
        }
    }

    private static String name(Slot slot) {
        return new String(slot.message.key, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
