package io.tally.window;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An exact decimal in cells: {@code unscaled * 10^-scale} in two longs while it fits, a {@link BigDecimal} in an object
 * cell from the moment it does not. Sums of money neither round nor wrap, and cost no object until they outgrow a long.
 */
final class DecimalCells {
    static final int LONGS = 2;
    static final int OBJECTS = 1;

    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private DecimalCells() {}

    static void set(Cells cells, int at, FieldValue value) {
        cells.set(at, value.unscaled());
        cells.set(at + 1, value.scale());
        cells.object(0, value.big());
    }

    static void copy(Cells cells, int at, Cells from) {
        cells.set(at, from.get(at));
        cells.set(at + 1, from.get(at + 1));
        cells.object(0, from.object(0));
    }

    static void add(Cells cells, int at, FieldValue value) {
        add(cells, at, value.unscaled(), value.scale(), value.big());
    }

    static void add(Cells cells, int at, Cells other) {
        add(cells, at, other.get(at), (int) other.get(at + 1), (BigDecimal) other.object(0));
    }

    private static void add(Cells cells, int at, long unscaled, int scale, @Nullable BigDecimal big) {
        if (cells.object(0) == null && big == null) {
            int common = Math.max((int) cells.get(at + 1), scale);
            long left = cells.get(at);
            long right = unscaled;
            long leftPower = POWERS[common - (int) cells.get(at + 1)];
            long rightPower = POWERS[common - scale];
            // Overflow shows in the high half of each product, and in the sign of the sum.
            if (fits(left, leftPower) && fits(right, rightPower)) {
                left *= leftPower;
                right *= rightPower;
                long sum = left + right;
                if (((left ^ sum) & (right ^ sum)) >= 0) {
                    cells.set(at, sum);
                    cells.set(at + 1, common);
                    return;
                }
            }
        }
        BigDecimal term = big != null ? big : BigDecimal.valueOf(unscaled, scale);
        cells.object(0, value(cells, at).add(term));
    }

    private static boolean fits(long value, long factor) {
        return Math.multiplyHigh(value, factor) == (value * factor) >> 63;
    }

    static int compare(Cells cells, int at, FieldValue value) {
        return compare(cells, at, value.unscaled(), value.scale(), value.big());
    }

    static int compare(Cells cells, int at, Cells other) {
        return compare(cells, at, other.get(at), (int) other.get(at + 1), (BigDecimal) other.object(0));
    }

    private static int compare(Cells cells, int at, long unscaled, int scale, @Nullable BigDecimal big) {
        if (cells.object(0) == null && big == null && cells.get(at + 1) == scale) {
            return Long.compare(cells.get(at), unscaled);
        }
        return value(cells, at).compareTo(big != null ? big : BigDecimal.valueOf(unscaled, scale));
    }

    static BigDecimal value(Cells cells, int at) {
        BigDecimal big = (BigDecimal) cells.object(0);
        return big != null ? big : BigDecimal.valueOf(cells.get(at), (int) cells.get(at + 1));
    }

    static Object result(Cells cells, int at) {
        if (cells.object(0) == null && cells.get(at + 1) == 0) {
            return cells.get(at);
        }
        return value(cells, at);
    }

    /** Grammar: {@code scale (unsigned) then unscaled (signed)}, or {@code 255 scale (signed) unscaled (bytes)}. */
    static void write(Cells cells, int at, StateOutput out) {
        BigDecimal big = (BigDecimal) cells.object(0);
        if (big == null) {
            out.writeByte((int) cells.get(at + 1));
            out.writeSigned(cells.get(at));
        } else {
            out.writeByte(255);
            out.writeSigned(big.scale());
            out.writeBytes(big.unscaledValue().toByteArray());
        }
    }

    static void read(Cells cells, int at, StateInput in) {
        int form = in.readByte();
        if (form <= 18) {
            cells.set(at + 1, form);
            cells.set(at, in.readSigned());
        } else if (form == 255) {
            int scale = (int) in.readSigned();
            byte[] unscaled = in.readBytes();
            if (unscaled.length == 0) {
                throw new IllegalStateException("a decimal without digits");
            }
            cells.object(0, new BigDecimal(new BigInteger(unscaled), scale));
        } else {
            throw new IllegalStateException("a decimal of unknown form " + form);
        }
    }
}
