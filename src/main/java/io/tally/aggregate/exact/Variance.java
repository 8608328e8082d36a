package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Sample variance or standard deviation (divided by n - 1). Cells: the exact sums of x and of its square, and the
 * number of values.
 *
 * <p>With floating-point numbers the sum of squares is the textbook's example of cancellation, and the remedies
 * (Welford, Chan) round differently for each order of merging. With exact decimals nothing cancels, and the result is
 * the same to the last digit however the events were split; it is rounded once, at the end.
 */
record Variance(int slot, boolean root) implements Aggregate {
    static final int DIGITS = 16;

    private static final MathContext RESULT = new MathContext(DIGITS, RoundingMode.HALF_UP);

    private static final int SQUARES = DecimalCells.LONGS;
    private static final int COUNT = 2 * DecimalCells.LONGS;
    /** The greatest number whose square fits a long. */
    private static final long MAX_ROOT = 3_037_000_499L;
    /** The greatest scale that can be doubled and still fits {@link DecimalCells}. */
    private static final int MAX_SCALE = 9;

    @Override
    public int longs() {
        return COUNT + 1;
    }

    @Override
    public int objects() {
        return 2 * DecimalCells.OBJECTS;
    }

    @Override
    public void add(Cells cells, Event event) {
        FieldValue value = event.field(slot);
        if (value.isMissing()) {
            return;
        }
        DecimalCells.add(cells, 0, 0, value);
        BigDecimal big = value.big();
        long x = value.unscaled();
        if (big == null && x >= -MAX_ROOT && x <= MAX_ROOT && value.scale() <= MAX_SCALE) {
            DecimalCells.add(cells, SQUARES, 1, x * x, 2 * value.scale(), null);
        } else {
            BigDecimal exact = big == null ? BigDecimal.valueOf(x, value.scale()) : big;
            DecimalCells.add(cells, SQUARES, 1, 0, 0, exact.multiply(exact));
        }
        cells.increment(COUNT);
    }

    @Override
    public void merge(Cells cells, Cells other) {
        DecimalCells.add(cells, 0, 0, other);
        DecimalCells.add(cells, SQUARES, 1, other);
        cells.set(COUNT, cells.get(COUNT) + other.get(COUNT));
    }

    @Override
    public @Nullable Object result(Cells cells) {
        if (cells.get(COUNT) < 2) {
            return null;
        }
        BigInteger n = BigInteger.valueOf(cells.get(COUNT));
        BigDecimal dividend = dividend(cells);
        BigInteger divisor = n.multiply(n.subtract(BigInteger.ONE));
        return DecimalCells.plain(root ? root(dividend, divisor) : dividend.divide(new BigDecimal(divisor), RESULT));
    }

    /**
     * The square root of a fraction, at least 0, rounded once. Rounding the quotient first could move the root onto a
     * half-way number that the true root is below. So here numbers are cut, not rounded, behind the digit that decides:
     * the whole part of a root is the root of the whole part.
     */
    private static BigDecimal root(BigDecimal dividend, BigInteger divisor) {
        int magnitude = dividend.precision() - dividend.scale() - new BigDecimal(divisor).precision() - 1;
        int scale = DIGITS + 1 - Math.floorDiv(magnitude, 2);
        BigInteger cut = dividend.scaleByPowerOfTen(2 * scale)
                .toBigInteger()
                .divide(divisor)
                .sqrt();
        return new BigDecimal(cut, scale).round(RESULT);
    }

    /** n times the sum of squares minus the square of the sum: n (n - 1) times the variance. */
    private static BigDecimal dividend(Cells cells) {
        BigDecimal sum = DecimalCells.value(cells, 0, 0);
        return DecimalCells.value(cells, SQUARES, 1)
                .multiply(BigDecimal.valueOf(cells.get(COUNT)))
                .subtract(sum.multiply(sum));
    }

    @Override
    public long heapBytes(Cells cells) {
        return DecimalCells.heapBytes(cells, 0) + DecimalCells.heapBytes(cells, 1);
    }

    @Override
    public void write(Cells cells, StateOutput out) {
        out.writeUnsigned(cells.get(COUNT));
        DecimalCells.write(cells, 0, 0, out);
        DecimalCells.write(cells, SQUARES, 1, out);
    }

    @Override
    public void read(Cells cells, StateInput in) {
        cells.set(COUNT, in.readCount());
        DecimalCells.read(cells, 0, 0, in);
        DecimalCells.read(cells, SQUARES, 1, in);
        if (dividend(cells).signum() < 0) {
            throw new IllegalStateException("a sum of squares that is too small for its sum");
        }
    }
}
