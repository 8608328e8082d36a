package io.tally.simulation.shuffle;

import io.tally.simulation.SimCodec;
import io.tally.simulation.SimTransaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of a {@link ShuffleSimulation}'s sink or late topic, read from what {@link SimCodec} wrote.
 *
 * @param window empty for totals
 * @param end of the window, in milliseconds
 * @param replaces windows
 */
record ShuffleRow(
        String key, String window, long end, long count, long revision, boolean isFinal, List<String> replaces) {
    private static final Pattern TEXT = Pattern.compile(
            "v1 \\[(-?\\d+),(-?\\d+)\\) \\w+ = (\\d+)(?: r(\\d+)(?<final> final)?)?(?: for (?<replaces>.+))?");

    static ShuffleRow read(SimTransaction.Row row, boolean total) {
        String text = new String(row.value(), StandardCharsets.UTF_8);
        Matcher match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new AssertionError("not a row: " + text);
        }
        String replaces = match.group("replaces");
        return new ShuffleRow(
                new String(row.key(), StandardCharsets.UTF_8),
                total ? "" : "[" + match.group(1) + "," + match.group(2) + ")",
                Long.parseLong(match.group(2)),
                Long.parseLong(match.group(3)),
                match.group(4) == null ? 0 : Long.parseLong(match.group(4)),
                match.group(4) == null || match.group("final") != null,
                replaces == null ? List.of() : List.of(replaces.split("(?<=\\))")));
    }

    /** Window and key. */
    String id() {
        return window + " " + key;
    }
}
