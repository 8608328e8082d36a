package io.tally.pipeline;

import io.tally.window.Aggregates;
import io.tally.window.Partial;
import io.tally.window.PartialValues;
import io.tally.window.WindowEngine;
import io.tally.window.WindowResult;
import java.util.Arrays;

/** Partials that came too late at a merge, as rows: what the row of their window lacks. */
final class LatePartials {
    private final RowSender rows;
    private final PartialValues values;

    LatePartials(PipelineSpec spec, RowSender rows) {
        this.rows = rows;
        values = new PartialValues(new Aggregates(spec.aggregates()));
    }

    byte[] key(Partial partial) {
        int start = partial.keyStart();
        return Arrays.copyOfRange(partial.keyBuffer(), start, start + partial.keyLength());
    }

    byte[] row(Partial partial, WindowEngine engine) {
        return rows.encode(new WindowResult(
                engine.windowStart(partial.minTime()),
                engine.windowEnd(partial.maxTime()),
                key(partial),
                values.of(partial)));
    }
}
