package io.tally.flink;

import org.apache.flink.api.common.functions.AggregateFunction;

/** Counts in place, in an array, so that a line does not leave a boxed number behind. */
final class Count implements AggregateFunction<String, long[], Long> {
    @Override
    public long[] createAccumulator() {
        return new long[1];
    }

    @Override
    public long[] add(String ip, long[] count) {
        count[0]++;
        return count;
    }

    @Override
    public Long getResult(long[] count) {
        return count[0];
    }

    @Override
    public long[] merge(long[] count, long[] other) {
        count[0] += other[0];
        return count;
    }
}
