package io.tally.window;

import java.math.BigInteger;

/**
 * Windows of one size, in milliseconds, of which one begins with each advance, aligned to the epoch. Slices are as long
 * as the greatest common divisor of both.
 */
public record Hopping(long size, long advance, long slice) implements Windowing {
    public Hopping(long size, long advance) {
        this(
                size,
                advance,
                BigInteger.valueOf(size).gcd(BigInteger.valueOf(advance)).longValueExact());
        if (advance <= 0 || advance > size) {
            throw new IllegalArgumentException(
                    "windows of " + size + " ms advance by 1 to " + size + " ms, not by " + advance + " ms");
        }
    }

    @Override
    public long sliceStart(long time) {
        return time - Math.floorMod(time, slice);
    }

    @Override
    public long sliceEnd(long sliceStart) {
        return sliceStart + slice;
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return sliceStart - Math.floorMod(sliceStart, advance) + size;
    }

    @Override
    public long nextWindowEnd(long time) {
        return time - Math.floorMod(time - size, advance) + advance;
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
