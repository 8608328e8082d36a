package io.tally.page;

import io.tally.checkpoint.Ledger;
import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a pipeline has committed since somebody last took it. Counted by the lanes, taken by one thread. */
final class Counts {
    /**
     * What was taken.
     *
     * @param slowestCommit null if there was none
     */
    record Taken(
            long records,
            long rows,
            long late,
            long deadLetters,
            @Nullable Duration slowestCommit) {}

    private static final long NONE = -1;

    private final LongAdder records = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();
    private final LongAccumulator slowestCommit = new LongAccumulator(Math::max, NONE);

    void committed(Ledger delta, long results) {
        records.add(delta.total());
        rows.add(results);
        late.add(delta.late());
        deadLetters.add(delta.deadLettered());
    }

    void commit(Duration duration) {
        slowestCommit.accumulate(duration.toNanos());
    }

    Taken take() {
        long nanos = slowestCommit.getThenReset();
        return new Taken(
                records.sumThenReset(),
                rows.sumThenReset(),
                late.sumThenReset(),
                deadLetters.sumThenReset(),
                nanos == NONE ? null : Duration.ofNanos(nanos));
    }
}
