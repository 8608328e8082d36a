package io.tally.pipeline.partition;

import io.tally.engine.WindowResult;
import io.tally.pipeline.status.RowSample;
import io.tally.pipeline.status.RowSample.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Keeps some of the rows of a transaction, for people who look at them: a few by chance, and those with the largest
 * numbers. It decides nothing. Chance is Li's algorithm L, by which rows that are passed over cost a comparison each.
 */
final class RowSampler {
    /** How many are kept by chance. */
    static final int ANY = 8;
    /** How many are kept for their numbers. */
    static final int LARGEST = 10;

    private static final int UNKNOWN = -1;
    private static final int NONE = -2;

    private final List<String> names;
    private final SplittableRandom random = new SplittableRandom();
    private List<Row> any = new ArrayList<>();
    private List<Row> largest = new ArrayList<>();
    private long rows;
    /** Which row replaces one of those kept by chance. */
    private long next;

    private double weight;
    /** The smallest number of those kept for it, once they are as many as may be. */
    private double least;
    /** Which result is the number: the first that is one, or has no value where others have one. */
    private int ranked = UNKNOWN;

    /** @param names of the results, in their order */
    RowSampler(List<String> names) {
        this.names = names;
    }

    /** Takes note of a row that was sent. */
    void add(WindowResult result, byte[] value) {
        rows++;
        double number = number(result.values());
        boolean isByChance = rows <= ANY || rows == next;
        boolean isLarge = largest.size() < LARGEST ? !Double.isNaN(number) : number > least;
        if (isByChance || isLarge) {
            Row row = new Row(result.key(), value, number);
            if (isByChance) {
                keepByChance(row);
            }
            if (isLarge) {
                keepLarge(row);
            }
        }
    }

    private double number(@Nullable Object[] values) {
        if (ranked == UNKNOWN) {
            ranked = firstNumber(values);
        }
        return ranked >= 0 && values[ranked] instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static int firstNumber(@Nullable Object[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof Number) {
                return i;
            }
            if (values[i] == null) {
                // Another row will tell.
                return UNKNOWN;
            }
        }
        return NONE;
    }

    private void keepByChance(Row row) {
        if (any.size() < ANY) {
            any.add(row);
            if (any.size() < ANY) {
                return;
            }
            weight = 1;
            next = rows;
        } else {
            any.set(random.nextInt(ANY), row);
        }
        weight *= Math.exp(Math.log(1 - random.nextDouble()) / ANY);
        // Beyond any number of rows if the weight has become too small.
        next += 1 + (long) Math.floor(Math.log(1 - random.nextDouble()) / Math.log1p(-weight));
    }

    private void keepLarge(Row row) {
        for (int i = 0; i < largest.size(); i++) {
            Row other = largest.get(i);
            if (Arrays.equals(other.key(), row.key())) {
                if (row.number() > other.number()) {
                    largest.set(i, row);
                    setLeast();
                }
                return;
            }
        }
        for (int i = 0; i < largest.size() && largest.size() == LARGEST; i++) {
            if (largest.get(i).number() == least) {
                largest.remove(i);
            }
        }
        largest.add(row);
        setLeast();
    }

    private void setLeast() {
        least = Double.POSITIVE_INFINITY;
        for (Row row : largest) {
            least = Math.min(least, row.number());
        }
    }

    /** What was kept since this was called last, null if there was no row. */
    @Nullable
    RowSample take() {
        if (rows == 0) {
            return null;
        }
        RowSample sample =
                new RowSample(rows, any, largest, ranked >= 0 && ranked < names.size() ? names.get(ranked) : null);
        any = new ArrayList<>();
        largest = new ArrayList<>();
        rows = 0;
        next = 0;
        return sample;
    }
}
