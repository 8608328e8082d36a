package io.tally.codec;

import io.tally.codec.Rejection.Reason;
import java.util.Arrays;

/** Where the events of a record begin and end in its value. Reused. */
public final class Cuts {
    /** More events than any real record has. The limit is there so that a partition's rows can be numbered. */
    public static final int MOST = 1 << 20;

    private int[] bounds = new int[16];
    private int count;

    /**
     * The next event lies in {@code [from, to)}.
     *
     * @throws RejectedException if there are more than {@value #MOST}
     */
    public void add(int from, int to) {
        if (count == MOST) {
            throw new RejectedException(Reason.MALFORMED, "the record holds more than " + MOST + " events");
        }
        if (2 * count == bounds.length) {
            bounds = Arrays.copyOf(bounds, 4 * count);
        }
        bounds[2 * count] = from;
        bounds[2 * count + 1] = to;
        count++;
    }

    public int count() {
        return count;
    }

    public int from(int event) {
        return bounds[2 * event];
    }

    public int to(int event) {
        return bounds[2 * event + 1];
    }

    public void clear() {
        count = 0;
    }
}
