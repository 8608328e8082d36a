package io.tally.duel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a system made of one log in many histories. */
final class DuelScore {
    private final List<String> right;
    private final Map<List<String>, Integer> contents = new HashMap<>();
    private final Map<Map<String, String>, Integer> finals = new HashMap<>();
    private int histories;
    private int repeated;
    private long fewest = Long.MAX_VALUE;
    private long most;

    /** @param right the rows that there should be, sorted */
    DuelScore(List<String> right) {
        this.right = List.copyOf(right);
    }

    /** @param rows in their order for each key */
    void add(List<String> rows) {
        histories++;
        fewest = Math.min(fewest, counted(rows));
        most = Math.max(most, counted(rows));
        contents.merge(rows.stream().sorted().toList(), 1, Integer::sum);
        Map<String, String> last = new HashMap<>();
        for (String row : rows) {
            int end = row.lastIndexOf(' ');
            last.put(row.substring(0, end), row.substring(end + 1));
        }
        finals.merge(last, 1, Integer::sum);
        if (last.size() < rows.size()) {
            repeated++;
        }
    }

    private static long counted(List<String> rows) {
        return rows.stream()
                .mapToLong(row -> Long.parseLong(row.substring(row.lastIndexOf(' ') + 1)))
                .sum();
    }

    int contents() {
        return contents.size();
    }

    int histories() {
        return histories;
    }

    int timesRight() {
        return contents.getOrDefault(right, 0);
    }

    @Override
    public String toString() {
        return contents.size() + " different contents of the sink in " + histories + " histories; " + timesRight()
                + " times all rows are right; the rows count " + fewest + " to " + most + " records of "
                + counted(right)
                + "; " + finals.size()
                + " different contents if the last row of a window and key counts; " + repeated
                + " times a window and key has several rows";
    }
}
