package io.tally.pipeline.partition;

import io.tally.engine.KeyLookup;
import io.tally.engine.WindowResult;
import io.tally.engine.row.Aggregates;
import io.tally.pipeline.control.KeyRow;
import io.tally.pipeline.control.RowsOfKey;
import io.tally.window.WindowKind;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Shows the rows of a key as the sink would have them. Changes nothing. Confined to one thread. */
final class KeyRows {
    /**
     * The most characters of all rows together, since rows may hold long texts and lists. The first row is shown
     * whatever its length.
     */
    static final int MOST_CHARACTERS = 1_000_000;

    private final PartitionMemory memory;
    private final boolean isTotal;

    KeyRows(PartitionMemory memory) {
        this.memory = memory;
        isTotal = memory.spec.window().kind() instanceof WindowKind.Totals;
    }

    /** @param most how many rows there may be */
    RowsOfKey of(byte[] key, int most) {
        KeyLookup lookup = new KeyLookup(memory.engine, new Aggregates(memory.spec.aggregates()), key, most);
        List<KeyRow> rows = new ArrayList<>();
        int characters = 0;
        for (WindowResult found : lookup.rows()) {
            KeyRow row = show(found);
            characters += row.row().length();
            if (characters > MOST_CHARACTERS && !rows.isEmpty()) {
                return new RowsOfKey(rows, true);
            }
            rows.add(row);
        }
        return new RowsOfKey(rows, lookup.hasMore());
    }

    private KeyRow show(WindowResult row) {
        return new KeyRow(
                isTotal ? null : (Long) row.start(),
                row.end() == Windowing.NEVER ? null : (Long) row.end(),
                row.isFinal() && row.revision() > 0,
                row.revision(),
                text(row));
    }

    private String text(WindowResult row) {
        return new String(memory.rows.encode(row), StandardCharsets.UTF_8);
    }
}
