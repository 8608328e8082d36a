package io.tally.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * What the first records of a log mean, by the {@link NaiveModel}: for whoever compares with it from outside.
 *
 * @param sent what left, in order: rows, late records, dead letters
 * @param open what the open windows hold, with the watermark and the ledger
 */
public record SimFold(List<String> sent, String open) {
    public static SimFold of(List<SimRecord> records, SimRules rules) {
        NaiveModel model = rules.window().newModel();
        model.beginAt(0);
        List<String> sent = new ArrayList<>();
        for (SimRecord record : records) {
            model.step(record, rules).stream()
                    .filter(line -> !line.startsWith("tombstone"))
                    .forEach(sent::add);
        }
        List<String> rows = model.rows().stream()
                .map(row -> row(row.name, row.key, row.results(rules)))
                .toList();
        return new SimFold(
                List.copyOf(sent),
                open(rows, model.watermark, Simulation.ledger(model).toString()));
    }

    /** A row of an open window. */
    public static String row(long sliceStart, String key, String results) {
        return sliceStart + " " + key + " = " + results;
    }

    public static String open(List<String> rows, long watermark, String ledger) {
        return rows + " watermark " + watermark + " " + ledger;
    }
}
