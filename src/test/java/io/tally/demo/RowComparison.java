package io.tally.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Compares the rows of the sink with those of an independent count, as both come. A row is {@code START IP COUNT};
 * there must be one for each window and IP of a partition, with that count. In a partition rows come by window, so one
 * that is not there when a later window's is will not come. Not thread-safe.
 */
final class RowComparison {
    private record Expected(String id, String start) {}

    /** By window and IP of a partition. */
    private final Map<String, String> expected = new HashMap<>();

    private final Map<String, String> written = new HashMap<>();
    /** By partition, in the order in which they were expected: those that may not be in the sink yet. */
    private final Map<Integer, Deque<Expected>> waiting = new HashMap<>();
    /** By partition, the latest window that the sink has a row of. */
    private final Map<Integer, String> latest = new HashMap<>();

    private long compared;
    private long wrong;

    /** The independent count has this row. */
    void expected(int partition, String row) {
        String id = id(partition, row);
        expected.put(id, row);
        waiting.computeIfAbsent(partition, any -> new ArrayDeque<>()).addLast(new Expected(id, start(row)));
        if (written.containsKey(id)) {
            compare(id);
        }
        findMissing(partition);
    }

    /** The sink has this row. */
    void written(int partition, String row) {
        String id = id(partition, row);
        latest.merge(partition, start(row), (a, b) -> a.compareTo(b) < 0 ? b : a);
        if (written.putIfAbsent(id, row) != null) {
            // Twice in the sink.
            wrong++;
        } else if (expected.containsKey(id)) {
            compare(id);
        }
        findMissing(partition);
    }

    private void compare(String id) {
        compared++;
        if (!expected.get(id).equals(written.get(id))) {
            wrong++;
        }
    }

    private void findMissing(int partition) {
        Deque<Expected> open = waiting.get(partition);
        String reached = latest.get(partition);
        while (open != null && reached != null && !open.isEmpty()) {
            boolean isThere = written.containsKey(open.getFirst().id);
            if (!isThere && open.getFirst().start.compareTo(reached) >= 0) {
                return;
            }
            wrong += isThere ? 0 : 1;
            open.removeFirst();
        }
    }

    private static String id(int partition, String row) {
        return partition + " " + row.substring(0, row.lastIndexOf(' '));
    }

    private static String start(String row) {
        return row.substring(0, row.indexOf(' '));
    }

    /** How many rows were compared. */
    long compared() {
        return compared;
    }

    /** How many rows are not as they must be: with another count, twice in the sink, or not there. */
    long wrong() {
        return wrong;
    }
}
