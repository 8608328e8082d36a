package io.tally.simulation;

import io.tally.aggregate.AggregateInput;
import io.tally.aggregate.CustomAggregate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A user's function that refuses records for what they are and for what came before them. It does so only after it has
 * changed its accumulator. So it shows if anything is half applied, or refused in another way by a replay.
 */
final class SimFussy implements CustomAggregate<List<String>> {
    static boolean refuses(int before, String label) {
        return label.endsWith("7") || (label.endsWith("3") && before % 2 == 0);
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public List<String> create() {
        return new ArrayList<>();
    }

    @Override
    public List<String> add(List<String> labels, AggregateInput input) {
        labels.add(input.text(0));
        if (refuses(labels.size() - 1, input.text(0))) {
            throw new IllegalArgumentException("the label " + input.text(0));
        }
        return labels;
    }

    @Override
    public List<String> merge(List<String> left, List<String> right) {
        left.addAll(right);
        return left;
    }

    @Override
    public Object result(List<String> labels) {
        return String.join("+", labels);
    }

    /** Each label with a line end behind it, since a label may be empty. */
    @Override
    public byte[] write(List<String> labels) {
        StringBuilder text = new StringBuilder();
        labels.forEach(label -> text.append(label).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<String> read(byte[] bytes) {
        List<String> labels = new ArrayList<>();
        new String(bytes, StandardCharsets.UTF_8).lines().forEach(labels::add);
        return labels;
    }
}
