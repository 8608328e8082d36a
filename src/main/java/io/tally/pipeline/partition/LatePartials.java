package io.tally.pipeline.partition;

import io.tally.engine.WindowEngine;
import io.tally.engine.WindowResult;
import io.tally.engine.partial.Partial;
import io.tally.engine.partial.PartialValues;
import io.tally.engine.row.Aggregates;
import io.tally.pipeline.PipelineSpec;
import java.util.Arrays;

/** Partials that came too late at a merge, written as rows: each is what the row of its window lacks. */
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
