package io.tally.engine;

import io.tally.HotPathBenchmark;
import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import java.math.BigDecimal;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What a sum of money costs for each number, once one came that does not fit two longs with the others. */
public class SumBenchmark extends HotPathBenchmark {
    @Param({"none", "fine", "huge"})
    private String before = "";

    private final Aggregate sum = BuiltIn.sum(0);
    private final Cells cells = Cells.of(sum);
    private final Event event = new Event(1);
    private long cents;

    @Setup
    public void fill() {
        switch (before) {
            case "none" -> {}
            case "fine" -> add(1, 18);
            case "huge" -> {
                event.field(0).number(new BigDecimal("1E+30"));
                sum.add(cells, event);
            }
            default -> throw new IllegalArgumentException(before);
        }
    }

    @Benchmark
    public void addMoney() {
        add(100_000 + (++cents & 0xFFFF), 2);
    }

    private void add(long unscaled, int scale) {
        event.field(0).number(unscaled, scale);
        sum.add(cells, event);
    }
}
