package io.tally.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * The greatest event times that a clock allowed, each from an offset on. They are kept so that a replay decides as the
 * first reading did. Records before the first step went by their own timestamps; so did all records if there is no
 * step.
 *
 * @param steps in the order of their offsets
 */
public record AheadBounds(List<Step> steps) {
    public static final AheadBounds NONE = new AheadBounds(List.of());

    /**
     * One bound.
     *
     * @param from the first offset that it holds for; it holds up to the next step
     * @param latest the greatest event time that is believed, milliseconds since the epoch
     */
    public record Step(long from, long latest) {}

    public AheadBounds {
        steps = List.copyOf(steps);
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i - 1).from() >= steps.get(i).from()) {
                throw new IllegalArgumentException("its field 'a=' holds " + steps + ", which are not in order");
            }
        }
    }

    /** These bounds with another step at the end. It replaces a step from the same offset on. */
    public AheadBounds with(Step step) {
        List<Step> all = new ArrayList<>(steps);
        if (!all.isEmpty() && all.get(all.size() - 1).from() == step.from()) {
            all.remove(all.size() - 1);
        }
        all.add(step);
        return new AheadBounds(all);
    }

    /** These bounds without the steps that have ended by then. */
    public AheadBounds since(long offset) {
        int ended = 0;
        while (ended + 1 < steps.size() && steps.get(ended + 1).from() <= offset) {
            ended++;
        }
        return ended == 0 ? this : new AheadBounds(steps.subList(ended, steps.size()));
    }

    String format() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(step.from())
                    .append(':')
                    .append(step.latest());
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException if it is not what {@link #format} wrote */
    static AheadBounds parse(String text) {
        List<Step> steps = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] numbers = part.split(":", -1);
            if (numbers.length != 2) {
                throw new IllegalArgumentException("its field 'a=' holds '" + part + "', not an offset and a time");
            }
            try {
                steps.add(new Step(Long.parseLong(numbers[0]), Long.parseLong(numbers[1])));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("its field 'a=' holds '" + part + "', not an offset and a time", e);
            }
        }
        return new AheadBounds(steps);
    }
}
