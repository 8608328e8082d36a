package io.tally.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The logs of state partitions. A record is decided, or belongs to the transaction of an instance that has no marker
 * there yet. Compaction keeps up: of what is decided, and has nothing undecided before it, the last record of each key
 * stays. Aborted records vanish, since no reader sees them.
 */
final class Logs {
    private static final int DECIDED = -1;

    private record Slot(StateRecord record, int instance) {}

    private final Interned<List<Slot>> logs = new Interned<>();
    private final List<List<StateRecord>> readable = new ArrayList<>();
    private final List<Integer> undecided = new ArrayList<>();
    private final Map<Integer, Integer> decided = new HashMap<>();
    private final Map<Integer, Integer> swapped = new HashMap<>();

    Logs() {
        number(List.of());
    }

    int size() {
        return logs.size();
    }

    /** Appends what an instance writes, in its transaction or outside. */
    int append(int log, List<StateRecord> written, int instance, boolean inTransaction) {
        if (written.isEmpty()) {
            return log;
        }
        List<Slot> slots = new ArrayList<>(logs.get(log));
        written.forEach(record -> slots.add(new Slot(record, inTransaction ? instance : DECIDED)));
        return number(compacted(slots));
    }

    /** The marker of an instance's transaction is there. */
    int decide(int log, int instance, boolean isCommit) {
        if ((undecided(log) >> instance & 1) == 0) {
            return log;
        }
        return decided.computeIfAbsent((log * 2 + instance) * 2 + (isCommit ? 1 : 0), any -> {
            List<Slot> slots = new ArrayList<>();
            for (Slot slot : logs.get(log)) {
                if (slot.instance != instance) {
                    slots.add(slot);
                } else if (isCommit) {
                    slots.add(new Slot(slot.record, DECIDED));
                }
            }
            return number(compacted(slots));
        });
    }

    /** The same with the instances in each other's place. */
    int swapped(int log) {
        if (undecided(log) == 0) {
            return log;
        }
        return swapped.computeIfAbsent(
                log,
                any -> number(logs.get(log).stream()
                        .map(slot -> slot.instance == DECIDED ? slot : new Slot(slot.record, 1 - slot.instance))
                        .toList()));
    }

    /** The instances whose transactions are undecided there, as bits. */
    int undecided(int log) {
        return undecided.get(log);
    }

    /** What a reader of committed records sees: up to the first record that is undecided. */
    List<StateRecord> readable(int log) {
        return readable.get(log);
    }

    private int number(List<Slot> slots) {
        int number = logs.number(List.copyOf(slots));
        if (number == readable.size()) {
            int instances = 0;
            for (Slot slot : slots) {
                instances |= slot.instance == DECIDED ? 0 : 1 << slot.instance;
            }
            undecided.add(instances);
            readable.add(
                    slots.subList(0, stable(slots)).stream().map(Slot::record).toList());
        }
        return number;
    }

    private static int stable(List<Slot> slots) {
        int end = 0;
        while (end < slots.size() && slots.get(end).instance == DECIDED) {
            end++;
        }
        return end;
    }

    private static List<Slot> compacted(List<Slot> slots) {
        int end = stable(slots);
        Set<String> seen = new HashSet<>();
        List<Slot> kept = new ArrayList<>();
        for (int i = end - 1; i >= 0; i--) {
            StateRecord record = slots.get(i).record;
            if (seen.add(record.key()) && record.value() != null) {
                kept.add(0, slots.get(i));
            }
        }
        kept.addAll(slots.subList(end, slots.size()));
        return kept;
    }
}
