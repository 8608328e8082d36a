package io.tally.pipeline;

import io.tally.window.Aggregate;
import io.tally.window.BuiltIn;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

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
            BigDecimal least = records.get(0).amount();
            for (SimRecord record : records) {
                least = record.amount().compareTo(least) < 0 ? record.amount() : least;
            }
            return least.toPlainString();
        }
    },
    MAX(BuiltIn.max(SimCodec.AMOUNT)) {
        @Override
        String over(List<SimRecord> records) {
            BigDecimal greatest = records.get(0).amount();
            for (SimRecord record : records) {
                greatest = record.amount().compareTo(greatest) > 0 ? record.amount() : greatest;
            }
            return greatest.toPlainString();
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
    };

    final Aggregate function;

    SimAggregate(Aggregate function) {
        this.function = function;
    }

    /** The result for the records of one row in the order of the source, at least one. */
    abstract String over(List<SimRecord> records);

    private static BigDecimal sum(List<SimRecord> records) {
        return records.stream().map(SimRecord::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
