package io.tally.aggregate;

import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One field of the current event, as an aggregate sees it: missing, or a text, given as a range of a buffer, and, when
 * the field was declared numeric, its exact decimal value. Mutable and reused for every record, so that decoding
 * allocates nothing. To keep a value, copy it.
 *
 * <p>A decimal is {@code unscaled * 10^-scale} in two primitives while it fits (18 digits), and a {@link BigDecimal}
 * beyond; {@link #big()} is null in the first case.
 */
public final class FieldValue {
    private static final byte[] EMPTY = new byte[0];

    private byte[] buffer = EMPTY;
    private int start;
    private int length;
    private long unscaled;
    private int scale;
    private @Nullable BigDecimal big;
    private boolean missing;

    /** Sets that the event has no value here, so that functions pass over it. */
    public void missing() {
        missing = true;
    }

    public boolean isMissing() {
        return missing;
    }

    /** Sets the text of the field; the buffer is not copied. */
    public void text(byte[] buffer, int start, int length) {
        this.missing = false;
        this.buffer = buffer;
        this.start = start;
        this.length = length;
    }

    /** Sets the number {@code unscaled * 10^-scale}; {@code scale} is 0 to 18. */
    public void number(long unscaled, int scale) {
        this.missing = false;
        this.unscaled = unscaled;
        this.scale = scale;
        this.big = null;
    }

    /** Sets a number that does not fit {@link #number(long, int)}. */
    public void number(BigDecimal value) {
        this.missing = false;
        this.unscaled = 0;
        this.scale = 0;
        this.big = value;
    }

    /** Sets the number of another value. */
    public void number(FieldValue other) {
        this.missing = false;
        this.unscaled = other.unscaled;
        this.scale = other.scale;
        this.big = other.big;
    }

    public byte[] buffer() {
        return buffer;
    }

    public int start() {
        return start;
    }

    public int length() {
        return length;
    }

    /** A copy of the text, to be kept. */
    public byte[] copyText() {
        return Arrays.copyOfRange(buffer, start, start + length);
    }

    public long unscaled() {
        return unscaled;
    }

    public int scale() {
        return scale;
    }

    /** The number when it does not fit the two primitives, else null. */
    public @Nullable BigDecimal big() {
        return big;
    }
}
