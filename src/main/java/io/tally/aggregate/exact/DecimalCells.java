package io.tally.aggregate.exact;

import io.tally.aggregate.Cells;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.heap.HeapSizes;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An exact decimal in cells: {@code unscaled * 10^-scale} in two longs, plus the {@link BigDecimal} in an object cell
 * if there is one. Sums of money neither round nor wrap. When a sum outgrows the longs, it is added to the object and
 * the longs begin anew. So one very fine or very large number costs an object, and the numbers after it do not. Methods
 * take the first of the two long cells, {@code at}, and the object cell, {@code objectAt}.
 */
public final class DecimalCells {
    static final int LONGS = 2;
    static final int OBJECTS = 1;

    /** Twice the scale that a product of two numbers within the decoder's limits can have. */
    private static final int MAX_SCALE = 1000;

    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private DecimalCells() {}

    static void set(Cells cells, int at, int objectAt, FieldValue value) {
        cells.set(at, value.unscaled());
        cells.set(at + 1, value.scale());
        cells.object(objectAt, value.big());
    }

    static void copy(Cells cells, int at, int objectAt, Cells from) {
        cells.set(at, from.get(at));
        cells.set(at + 1, from.get(at + 1));
        cells.object(objectAt, from.object(objectAt));
    }

    static void add(Cells cells, int at, int objectAt, FieldValue value) {
        add(cells, at, objectAt, value.unscaled(), value.scale(), value.big());
    }

    static void add(Cells cells, int at, int objectAt, Cells other) {
        BigDecimal big = (BigDecimal) other.object(objectAt);
        if (big != null) {
            add(cells, objectAt, big);
        }
        add(cells, at, objectAt, other.get(at), (int) other.get(at + 1), null);
    }

    /** Adds {@code big}, or {@code unscaled * 10^-scale} with a scale of 0 to 18 if that is null. */
    static void add(Cells cells, int at, int objectAt, long unscaled, int scale, @Nullable BigDecimal big) {
        if (big != null) {
            add(cells, objectAt, big);
            return;
        }
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
        add(cells, objectAt, BigDecimal.valueOf(cells.get(at), (int) cells.get(at + 1)));
        cells.set(at, unscaled);
        cells.set(at + 1, scale);
    }

    private static void add(Cells cells, int objectAt, BigDecimal term) {
        BigDecimal big = (BigDecimal) cells.object(objectAt);
        // A sum has at least the scale 0, whatever its terms.
        cells.object(objectAt, (big == null ? BigDecimal.ZERO : big).add(term));
    }

    private static boolean fits(long value, long factor) {
        return Math.multiplyHigh(value, factor) == (value * factor) >> 63;
    }

    static int compare(Cells cells, int at, int objectAt, FieldValue value) {
        return compare(cells, at, objectAt, value.unscaled(), value.scale(), value.big());
    }

    static int compare(Cells cells, int at, int objectAt, Cells other) {
        BigDecimal big = other.object(objectAt) == null ? null : value(other, at, objectAt);
        return compare(cells, at, objectAt, other.get(at), (int) other.get(at + 1), big);
    }

    private static int compare(Cells cells, int at, int objectAt, long unscaled, int scale, @Nullable BigDecimal big) {
        if (cells.object(objectAt) == null && big == null && cells.get(at + 1) == scale) {
            return Long.compare(cells.get(at), unscaled);
        }
        return value(cells, at, objectAt).compareTo(big != null ? big : BigDecimal.valueOf(unscaled, scale));
    }

    /** Digits after the point of the number, as it was written. */
    static int scale(Cells cells, int at, int objectAt) {
        BigDecimal big = (BigDecimal) cells.object(objectAt);
        return big != null ? big.scale() : (int) cells.get(at + 1);
    }

    static int scale(FieldValue value) {
        BigDecimal big = value.big();
        return big != null ? big.scale() : value.scale();
    }

    /** Bytes that the object takes of the heap. */
    static long heapBytes(Cells cells, int objectAt) {
        BigDecimal big = (BigDecimal) cells.object(objectAt);
        return big == null ? 0 : heapBytes(big);
    }

    static long heapBytes(BigDecimal big) {
        // The number, that of its digits if they are many, and their array.
        return HeapSizes.object(28)
                + (big.precision() <= 18 ? 0 : HeapSizes.object(24) + HeapSizes.bytes(big.precision() / 2));
    }

    public static BigDecimal value(Cells cells, int at, int objectAt) {
        BigDecimal big = (BigDecimal) cells.object(objectAt);
        // Longs to which nothing was added do not matter, not even for the scale.
        if (big != null && cells.get(at) == 0 && cells.get(at + 1) == 0) {
            return big;
        }
        BigDecimal rest = BigDecimal.valueOf(cells.get(at), (int) cells.get(at + 1));
        return big == null ? rest : big.add(rest);
    }

    static Object result(Cells cells, int at, int objectAt) {
        if (cells.object(objectAt) == null && cells.get(at + 1) == 0) {
            return cells.get(at);
        }
        return value(cells, at, objectAt);
    }

    /**
     * Writes the number in one piece. Grammar: {@code scale (unsigned) then unscaled (signed)}, or {@code 255 scale
     * (signed) unscaled (bytes)} if there is an object.
     */
    static void write(Cells cells, int at, int objectAt, StateOutput out) {
        if (cells.object(objectAt) == null) {
            out.writeByte((int) cells.get(at + 1));
            out.writeSigned(cells.get(at));
        } else {
            out.writeByte(255);
            writeBig(value(cells, at, objectAt), out);
        }
    }

    static void read(Cells cells, int at, int objectAt, StateInput in) {
        int form = in.readByte();
        if (form <= 18) {
            cells.set(at + 1, form);
            cells.set(at, in.readSigned());
        } else if (form == 255) {
            cells.object(objectAt, readBig(in));
        } else {
            throw new IllegalStateException("a decimal of unknown form " + form);
        }
    }

    /** Grammar: {@code scale (signed) unscaled (bytes)}. */
    static void writeBig(BigDecimal value, StateOutput out) {
        out.writeSigned(value.scale());
        out.writeBytes(value.unscaledValue().toByteArray());
    }

    /**
     * Reads what {@link #writeBig} wrote. A scale beyond that of any number is refused: it could take all memory in the
     * next addition.
     */
    static BigDecimal readBig(StateInput in) {
        long scale = in.readSigned();
        byte[] unscaled = in.readBytes();
        if (unscaled.length == 0) {
            throw new IllegalStateException("a decimal without digits");
        }
        if (scale < -MAX_SCALE || scale > MAX_SCALE) {
            throw new IllegalStateException("a decimal of scale " + scale);
        }
        return new BigDecimal(new BigInteger(unscaled), (int) scale);
    }

    /** The number without zeros behind its point, as it is written in results. */
    static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
