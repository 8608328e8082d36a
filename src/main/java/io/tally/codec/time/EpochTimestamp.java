package io.tally.codec.time;

import io.tally.aggregate.FieldValue;
import io.tally.codec.bytes.Decimals;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** A decimal number of seconds, or of some power of ten of a second, since the epoch. */
final class EpochTimestamp implements TimestampParser {
    private final int shift;
    private final long factor;
    private final FieldValue number = new FieldValue();

    /** The decimal point moves {@code shift} places to the right (left if negative) to give milliseconds. */
    EpochTimestamp(int shift) {
        this.shift = shift;
        this.factor = BigDecimal.TEN.pow(Math.abs(shift)).longValueExact();
    }

    @Override
    public long parse(byte[] bytes, int start, int length) {
        if (!Decimals.parse(bytes, start, length, number)) {
            return INVALID;
        }
        if (number.big() == null && number.scale() == 0) {
            return toMillis(number.unscaled());
        }
        return toMillis(Decimals.toBigDecimal(number));
    }

    private long toMillis(long units) {
        if (shift < 0) {
            return Math.floorDiv(units, factor);
        }
        if (Math.abs(units) > Long.MAX_VALUE / factor) {
            return units < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
        }
        return units * factor;
    }

    private long toMillis(BigDecimal units) {
        BigInteger millis =
                units.movePointRight(shift).setScale(0, RoundingMode.FLOOR).unscaledValue();
        if (millis.bitLength() >= Long.SIZE) {
            return millis.signum() < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
        }
        // Long.MIN_VALUE is taken.
        return Math.max(-Long.MAX_VALUE, millis.longValue());
    }
}
