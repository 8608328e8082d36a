package com.example.mean;

import io.tally.aggregate.AggregateInput;
import io.tally.aggregate.CustomAggregate;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Mean of the first field, weighted by the second. */
public class WeightedMean implements CustomAggregate<WeightedMean.Sums> {
    /** Immutable, so that it is its own copy. */
    public record Sums(BigDecimal weighted, BigDecimal weights) {}

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Sums create() {
        return new Sums(BigDecimal.ZERO, BigDecimal.ZERO);
    }

    @Override
    public Sums add(Sums sums, AggregateInput input) {
        BigDecimal weight = input.number(1);
        if (weight.signum() < 0) {
            throw new IllegalArgumentException("a weight of " + weight);
        }
        return merge(sums, new Sums(input.number(0).multiply(weight), weight));
    }

    @Override
    public Sums merge(Sums left, Sums right) {
        return new Sums(left.weighted.add(right.weighted), left.weights.add(right.weights));
    }

    @Override
    public @Nullable Object result(Sums sums) {
        return sums.weights.signum() == 0 ? null : sums.weighted.divide(sums.weights, 6, RoundingMode.HALF_UP);
    }

    @Override
    public Sums copy(Sums sums) {
        return sums;
    }

    @Override
    public byte[] write(Sums sums) {
        byte[] weighted = sums.weighted.unscaledValue().toByteArray();
        byte[] weights = sums.weights.unscaledValue().toByteArray();
        return ByteBuffer.allocate(12 + weighted.length + weights.length)
                .putInt(sums.weighted.scale())
                .putInt(sums.weights.scale())
                .putInt(weighted.length)
                .put(weighted)
                .put(weights)
                .array();
    }

    @Override
    public Sums read(byte[] bytes) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            int weightedScale = scale(in.readInt());
            int weightsScale = scale(in.readInt());
            byte[] weighted = in.readNBytes(in.readInt());
            byte[] weights = in.readAllBytes();
            return new Sums(
                    new BigDecimal(new BigInteger(weighted), weightedScale),
                    new BigDecimal(new BigInteger(weights), weightsScale));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Numbers in records have at most 164 digits behind the point, so products have twice as many. */
    private static int scale(int scale) {
        if (Math.abs((long) scale) > 328) {
            throw new IllegalArgumentException("a scale of " + scale);
        }
        return scale;
    }
}
