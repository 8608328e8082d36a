package io.tally.pipeline;

import io.tally.aggregate.CustomAggregates;
import io.tally.aggregate.Sketches;
import io.tally.window.Aggregate;
import io.tally.window.BuiltIn;
import io.tally.window.Cells;
import io.tally.window.EngineView;
import io.tally.window.Event;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The aggregate functions, each beside what it means: a computation over all records of a row at once. */
enum SimAggregate {
    COUNT(BuiltIn.count()) {
        @Override
        String over(List<SimRecord> records) {
            return Integer.toString(records.size());
        }
    },
    SUM_OF_POWERS(BuiltIn.sum(SimCodec.POWER)) {
        @Override
        String over(List<SimRecord> records) {
            return records.stream()
                    .map(SimRecord::power)
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .toPlainString();
        }
    },
    SUM(BuiltIn.sum(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return sum(records).toPlainString();
        }
    },
    MIN(BuiltIn.min(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return Collections.min(amounts(records), BY_VALUE.thenComparing(BigDecimal::scale))
                    .toPlainString();
        }
    },
    MAX(BuiltIn.max(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return Collections.min(amounts(records), BY_VALUE.reversed().thenComparing(BigDecimal::scale))
                    .toPlainString();
        }
    },
    AVERAGE(BuiltIn.average(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return sum(records)
                    .divide(new BigDecimal(records.size()), 6, RoundingMode.HALF_UP)
                    .stripTrailingZeros()
                    .toPlainString();
        }
    },
    FIRST(BuiltIn.first(SimCodec.LABEL)) {
        @Override
        String over(List<SimRecord> records) {
            SimRecord first = records.get(0);
            for (SimRecord record : records) {
                first = record.time() < first.time() ? record : first;
            }
            return first.label();
        }
    },
    LAST(BuiltIn.last(SimCodec.LABEL)) {
        @Override
        String over(List<SimRecord> records) {
            SimRecord last = records.get(0);
            for (SimRecord record : records) {
                last = record.time() >= last.time() ? record : last;
            }
            return last.label();
        }
    },
    VARIANCE(BuiltIn.variance(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return records.size() < 2 ? "null" : plain(variance(records, new MathContext(16, RoundingMode.HALF_UP)));
        }
    },
    STANDARD_DEVIATION(BuiltIn.standardDeviation(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return records.size() < 2
                    ? "null"
                    : plain(variance(records, new MathContext(60)).sqrt(new MathContext(16, RoundingMode.HALF_UP)));
        }
    },
    DISTINCT(BuiltIn.distinct(SimCodec.LABEL, 4)) {
        @Override
        String over(List<SimRecord> records) {
            int labels = labels(records).size();
            return labels > 4 ? "null" : Integer.toString(labels);
        }
    },
    /** Few enough that the sketch is exact. */
    DISTINCT_APPROXIMATELY(Sketches.approximateDistinct(SimCodec.LABEL, 14)) {
        @Override
        String over(List<SimRecord> records) {
            return Integer.toString(labels(records).size());
        }
    },
    /** What a sketch estimates is compared with one that never met a crash. */
    DISTINCT_ESTIMATED(Sketches.approximateDistinct(SimCodec.LABEL, 6)) {
        @Override
        String over(List<SimRecord> records) {
            return uninterrupted(function, records);
        }
    },
    QUANTILES(Sketches.quantiles(
            SimCodec.AMOUNT, List.of(new BigDecimal("0.05"), new BigDecimal("0.5"), BigDecimal.ONE), 0.02)) {
        @Override
        String over(List<SimRecord> records) {
            return uninterrupted(function, records);
        }
    },
    TOP(BuiltIn.topBySum(SimCodec.LABEL, SimCodec.AMOUNT, 2, 6)) {
        @Override
        String over(List<SimRecord> records) {
            if (labels(records).size() > 6) {
                return "null";
            }
            Map<String, BigDecimal> sums = new HashMap<>();
            records.forEach(record -> sums.merge(record.label(), record.amount(), BigDecimal::add));
            return sums.entrySet().stream()
                    .sorted(Map.Entry.<String, BigDecimal>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(2)
                    .map(entry -> "{value=" + entry.getKey() + ", sum="
                            + entry.getValue().toPlainString() + "}")
                    .toList()
                    .toString();
        }
    },
    COLLECT(BuiltIn.collect(SimCodec.LABEL, 5)) {
        @Override
        String over(List<SimRecord> records) {
            return records.stream().limit(5).map(SimRecord::label).toList().toString();
        }
    },
    FUSSY(CustomAggregates.of("fussy", new SimFussy(), List.of(SimCodec.LABEL))) {
        @Override
        String over(List<SimRecord> records) {
            return records.stream().map(SimRecord::label).collect(Collectors.joining("+"));
        }

        @Override
        boolean refuses(List<SimRecord> before, SimRecord record) {
            return SimFussy.refuses(before.size(), record.label());
        }
    };

    private static final Comparator<BigDecimal> BY_VALUE = Comparator.naturalOrder();

    final Aggregate function;

    SimAggregate(Aggregate function) {
        this.function = function;
    }

    /** The result for the records of one row in the order of the source, at least one. */
    abstract String over(List<SimRecord> records);

    /** Whether the function refuses a record of a row that has these before. */
    boolean refuses(List<SimRecord> before, SimRecord record) {
        return false;
    }

    private static List<BigDecimal> amounts(List<SimRecord> records) {
        return records.stream().map(SimRecord::amount).toList();
    }

    private static Set<String> labels(List<SimRecord> records) {
        return records.stream().map(SimRecord::label).collect(Collectors.toSet());
    }

    /** By the definition: the mean of the squared differences, as a fraction with the number of records below. */
    private static BigDecimal variance(List<SimRecord> records, MathContext rounding) {
        BigDecimal n = new BigDecimal(records.size());
        BigDecimal sum = sum(records);
        BigDecimal squares = BigDecimal.ZERO;
        for (SimRecord record : records) {
            BigDecimal difference = record.amount().multiply(n).subtract(sum);
            squares = squares.add(difference.multiply(difference));
        }
        return squares.divide(n.multiply(n).multiply(n.subtract(BigDecimal.ONE)), rounding);
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String uninterrupted(Aggregate function, List<SimRecord> records) {
        Cells cells = Cells.of(function);
        Event event = new Event(SimCodec.FIELDS);
        for (SimRecord record : records) {
            SimCodec.number(event.field(SimCodec.AMOUNT), record.amount());
            byte[] label = record.label().getBytes(StandardCharsets.UTF_8);
            event.field(SimCodec.LABEL).text(label, 0, label.length);
            function.add(cells, event);
        }
        return EngineView.text(new Object[] {function.result(cells)});
    }

    private static BigDecimal sum(List<SimRecord> records) {
        return records.stream().map(SimRecord::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
