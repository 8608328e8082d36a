package io.tally.command.audit;

import io.tally.command.audit.Difference.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All differences counted, and the first ones kept. */
final class Differences {
    private final long most;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<Difference> first = new ArrayList<>();

    /** @param most how many are kept */
    Differences(long most) {
        this.most = most;
    }

    void add(Difference difference) {
        counts.merge(difference.kind(), 1L, Long::sum);
        if (first.size() < most) {
            first.add(difference);
        }
    }

    /** Adds those of a part. */
    void addAll(Differences part) {
        part.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
        part.first.stream().limit(most - first.size()).forEach(first::add);
    }

    Map<Kind, Long> counts() {
        return counts;
    }

    List<Difference> first() {
        return first;
    }

    long total() {
        return counts.values().stream().mapToLong(count -> count).sum();
    }
}
