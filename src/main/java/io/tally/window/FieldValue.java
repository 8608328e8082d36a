package io.tally.window;

import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One field of the current event, as an aggregate sees it: a text, given as a range of a buffer, and, when the field
 * was declared numeric, its exact decimal value. Mutable and reused for every record, so that decoding allocates
 * nothing; whoever keeps a value copies it.
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

    /** Sets the text of the field; the buffer is not copied. */
    public void text(byte[] buffer, int start, int length) {
        this.buffer = buffer;
        this.start = start;
        this.length = length;
    }

    /** Sets the number {@code unscaled * 10^-scale}; {@code scale} is 0 to 18. */
    public void number(long unscaled, int scale) {
        this.unscaled = unscaled;
        this.scale = scale;
        this.big = null;
    }

    /** Sets a number that does not fit {@link #number(long, int)}. */
    public void number(BigDecimal value) {
        this.unscaled = 0;
        this.scale = 0;
        this.big = value;
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

    /** The text, for whoever keeps it. */
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
