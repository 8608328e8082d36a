package io.tally.command.recount;

import io.tally.aggregate.exact.BuiltIn;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.WindowResult;
import io.tally.engine.row.Aggregates;
import io.tally.pipeline.PipelineSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether rows show how many events they are made of. */
public final class RowCounts {
    private RowCounts() {}

    /**
     * Whether one event more would change the row, whatever it is: then a row that is the same is made of as many
     * events.
     */
    public static boolean countEach(PipelineSpec spec, ResultEncoder encoder) {
        int count = spec.aggregates().indexOf(BuiltIn.count());
        return count >= 0 && !Arrays.equals(row(spec, encoder, count, 1), row(spec, encoder, count, 2));
    }

    private static byte[] row(PipelineSpec spec, ResultEncoder encoder, int count, long number) {
        Aggregates aggregates = new Aggregates(spec.aggregates());
        @Nullable Object[] values = aggregates.results(aggregates.newAccumulators());
        values[count] = number;
        return encoder.encode(new WindowResult(0, 1, encoder.exampleKey(), values));
    }
}
