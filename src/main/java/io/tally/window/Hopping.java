package io.tally.window;

import java.math.BigInteger;

/**
 * Windows of one size, in milliseconds. One begins with each advance. Slices are as long as the greatest common divisor
 * of both.
 *
 * @param offset where one of them begins after the epoch, from 0 to less than the advance
 */
public record Hopping(long size, long advance, long offset, long slice) implements Windowing {
    public Hopping(long size, long advance, long offset) {
        this(
                size,
                advance,
                advance <= 0 ? 0 : Math.floorMod(offset, advance),
                BigInteger.valueOf(size).gcd(BigInteger.valueOf(advance)).longValueExact());
        if (advance <= 0 || advance > size) {
            throw new IllegalArgumentException(
                    "windows of " + size + " ms advance by 1 to " + size + " ms, not by " + advance + " ms");
        }
    }

    @Override
    public long sliceStart(long time) {
        return time - Math.floorMod(time - offset, slice);
    }

    @Override
    public long sliceEnd(long sliceStart) {
        return sliceStart + slice;
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return sliceStart - Math.floorMod(sliceStart - offset, advance) + size;
    }

    @Override
    public long nextWindowEnd(long time) {
        return time - Math.floorMod(time - offset - size, advance) + advance;
    }

    @Override
    public long windowStart(long end) {
        return end - size;
    }

    @Override
    public boolean overlaps() {
        return true;
    }
}
