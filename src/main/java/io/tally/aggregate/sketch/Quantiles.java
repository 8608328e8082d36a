package io.tally.aggregate.sketch;

import com.datadoghq.sketch.ddsketch.mapping.BitwiseLinearlyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Approximate quantiles of a number. Object: the sketch, null for none.
 *
 * <p>The mapping from numbers to buckets must be the same on every machine that takes over. This one uses the bits of
 * the double instead of a logarithm, whose last bit differs between processors. The price is up to twice as many
 * buckets. The middles of the buckets are rounded to the digits that are shown.
 */
final class Quantiles implements Aggregate {
    static final double MIN_ACCURACY = 0.001;
    static final double MAX_ACCURACY = 0.1;
    /** The sketch is not more exact than that. */
    private static final MathContext SHOWN = new MathContext(6);
    /** Powers of ten by which a double can be divided without rounding twice. */
    private static final double[] POWERS = new double[19];

    /** The whole numbers that a double holds exactly. */
    private static final long EXACT = 1L << 53;

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final int slot;
    private final List<BigDecimal> quantiles;
    private final IndexMapping mapping;

    Quantiles(int slot, List<BigDecimal> quantiles, double accuracy) {
        if (!(accuracy >= MIN_ACCURACY && accuracy <= MAX_ACCURACY)) {
            throw new IllegalArgumentException("must be " + MIN_ACCURACY + " to " + MAX_ACCURACY);
        }
        if (quantiles.isEmpty()) {
            throw new IllegalArgumentException("must be at least one number from 0 to 1");
        }
        for (BigDecimal quantile : quantiles) {
            if (quantile.signum() < 0 || quantile.compareTo(BigDecimal.ONE) > 0) {
                throw new IllegalArgumentException("must be numbers from 0 to 1");
            }
        }
        if (quantiles.stream().map(BigDecimal::stripTrailingZeros).distinct().count() < quantiles.size()) {
            throw new IllegalArgumentException("must be different numbers");
        }
        this.slot = slot;
        this.quantiles = quantiles;
        this.mapping = new BitwiseLinearlyInterpolatedMapping(accuracy);
    }

    @Override
    public String toString() {
        return "Quantiles[slot=" + slot + ", quantiles=" + quantiles + ", accuracy=" + mapping.relativeAccuracy() + "]";
    }

    @Override
    public int longs() {
        return 0;
    }

    @Override
    public int objects() {
        return 1;
    }

    @Override
    public void add(Cells cells, Event event) {
        FieldValue value = event.field(slot);
        if (!value.isMissing()) {
            sketch(cells).add(number(value));
        }
    }

    /** The double that is nearest to the number. */
    private static double number(FieldValue value) {
        BigDecimal big = value.big();
        if (big != null) {
            return big.doubleValue();
        }
        long unscaled = value.unscaled();
        return unscaled > -EXACT && unscaled < EXACT
                ? unscaled / POWERS[value.scale()]
                : BigDecimal.valueOf(unscaled, value.scale()).doubleValue();
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.object(0) instanceof QuantileSketch sketch) {
            sketch(cells).add(sketch);
        }
    }

    private QuantileSketch sketch(Cells cells) {
        QuantileSketch sketch = (QuantileSketch) cells.object(0);
        if (sketch == null) {
            sketch = new QuantileSketch(mapping);
            cells.object(0, sketch);
        }
        return sketch;
    }

    /**
     * Numbers by the text of their quantile, as it was configured. The quantile q of n numbers is the one of rank
     * {@code floor(q (n - 1))} in ascending order, counted from 0. The product is computed in exact decimals.
     */
    @Override
    public @Nullable Object result(Cells cells) {
        if (!(cells.object(0) instanceof QuantileSketch sketch) || sketch.isEmpty()) {
            return null;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        BigDecimal greatest = BigDecimal.valueOf(sketch.count() - 1);
        for (BigDecimal quantile : quantiles) {
            long rank = quantile.multiply(greatest).longValue();
            BigDecimal value = new BigDecimal(sketch.atRank(rank)).round(SHOWN);
            result.put(quantile.toPlainString(), plain(value));
        }
        return result;
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    @Override
    public long heapBytes(Cells cells) {
        return cells.object(0) instanceof QuantileSketch sketch ? sketch.heapBytes() : 0;
    }

    @Override
    public void write(Cells cells, StateOutput out) {
        QuantileSketch sketch = (QuantileSketch) cells.object(0);
        (sketch == null ? new QuantileSketch(mapping) : sketch).write(out);
    }

    @Override
    public void read(Cells cells, StateInput in) {
        cells.object(0, QuantileSketch.read(mapping, in));
    }
}
