package io.tally.simulation;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.CustomAggregates;
import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.aggregate.sketch.Sketches;
import io.tally.engine.EngineView;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The aggregate functions, each beside what it means: a computation over all records of a row at once. */
public enum SimAggregate {
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
            return amounts(records).isEmpty() ? "null" : sum(records).toPlainString();
        }
    },
    MIN(BuiltIn.min(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return amounts(records).stream()
                    .min(BY_VALUE.thenComparing(BigDecimal::scale))
                    .map(BigDecimal::toPlainString)
                    .orElse("null");
        }
    },
    MAX(BuiltIn.max(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return amounts(records).stream()
                    .min(BY_VALUE.reversed().thenComparing(BigDecimal::scale))
                    .map(BigDecimal::toPlainString)
                    .orElse("null");
        }
    },
    AVERAGE(BuiltIn.average(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            int values = amounts(records).size();
            if (values == 0) {
                return "null";
            }
            return sum(records)
                    .divide(new BigDecimal(values), 6, RoundingMode.HALF_UP)
                    .stripTrailingZeros()
                    .toPlainString();
        }
    },
    FIRST(BuiltIn.first(SimCodec.LABEL)) {
        @Override
        String over(List<SimRecord> records) {
            SimRecord first = null;
            for (SimRecord record : labelled(records)) {
                first = first == null || record.time() < first.time() ? record : first;
            }
            return first == null ? "null" : String.valueOf(first.label());
        }
    },
    LAST(BuiltIn.last(SimCodec.LABEL)) {
        @Override
        String over(List<SimRecord> records) {
            SimRecord last = null;
            for (SimRecord record : labelled(records)) {
                last = last == null || record.time() >= last.time() ? record : last;
            }
            return last == null ? "null" : String.valueOf(last.label());
        }
    },
    VARIANCE(BuiltIn.variance(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return amounts(records).size() < 2
                    ? "null"
                    : plain(variance(records, new MathContext(16, RoundingMode.HALF_UP)));
        }
    },
    STANDARD_DEVIATION(BuiltIn.standardDeviation(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            return amounts(records).size() < 2
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
            List<SimRecord> ranked = labelled(records).stream()
                    .filter(record -> record.amount() != null)
                    .toList();
            if (labels(ranked).size() > 6) {
                return "null";
            }
            Map<String, BigDecimal> sums = new HashMap<>();
            ranked.forEach(record -> sums.merge(record.label(), record.amount(), BigDecimal::add));
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
            return labelled(records).stream()
                    .limit(5)
                    .map(SimRecord::label)
                    .toList()
                    .toString();
        }
    },
    FUSSY(CustomAggregates.of("fussy", new SimFussy(), List.of(SimCodec.LABEL))) {
        @Override
        String over(List<SimRecord> records) {
            return labelled(records).stream().map(SimRecord::label).collect(Collectors.joining("+"));
        }

        @Override
        boolean refuses(List<SimRecord> before, SimRecord record) {
            return record.label() != null && SimFussy.refuses(labelled(before).size(), record.label());
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
        return records.stream().map(SimRecord::amount).filter(Objects::nonNull).toList();
    }

    /** Those that have a label. */
    private static List<SimRecord> labelled(List<SimRecord> records) {
        return records.stream().filter(record -> record.label() != null).toList();
    }

    private static Set<String> labels(List<SimRecord> records) {
        return labelled(records).stream().map(SimRecord::label).collect(Collectors.toSet());
    }

    /** By the definition: the mean of the squared differences, as a fraction with the number of records below. */
    private static BigDecimal variance(List<SimRecord> records, MathContext rounding) {
        List<BigDecimal> amounts = amounts(records);
        BigDecimal n = new BigDecimal(amounts.size());
        BigDecimal sum = sum(records);
        BigDecimal squares = BigDecimal.ZERO;
        for (BigDecimal amount : amounts) {
            BigDecimal difference = amount.multiply(n).subtract(sum);
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
            BigDecimal amount = record.amount();
            if (amount == null) {
                event.field(SimCodec.AMOUNT).missing();
            } else {
                SimCodec.number(event.field(SimCodec.AMOUNT), amount);
            }
            String label = record.label();
            if (label == null) {
                event.field(SimCodec.LABEL).missing();
            } else {
                byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
                event.field(SimCodec.LABEL).text(bytes, 0, bytes.length);
            }
            function.add(cells, event);
        }
        return EngineView.text(new Object[] {function.result(cells)});
    }

    private static BigDecimal sum(List<SimRecord> records) {
        return amounts(records).stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
