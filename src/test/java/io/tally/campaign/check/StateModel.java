package io.tally.campaign.check;

import io.tally.campaign.check.StateRecord.Content;
import io.tally.campaign.check.StateRecord.Id;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is open in one partition of the source, at any offset: what entries must say, and what must not be lost. Windows
 * are counted in slices, of which each is in one or several windows.
 */
final class StateModel {
    private final Rules rules;
    private final PartitionFold fold;
    private final List<Message> counted;
    private final Map<Id, Group> groups = new LinkedHashMap<>();
    /** As of each offset that will be asked for, since no session has an identity that lasts. */
    private final Map<Long, Map<Id, Content>> sessions = new HashMap<>();

    /** The records of one slice and key. */
    static final class Group {
        private final Id id;
        private final List<Long> offsets = new ArrayList<>();
        private final Cell cell = new Cell();

        private Group(Id id) {
            this.id = id;
        }

        Id id() {
            return id;
        }

        long first() {
            return offsets.get(0);
        }

        /** How many of its records lie before an offset. */
        int before(long offset) {
            int low = 0;
            int high = offsets.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (offsets.get(middle) < offset) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        Content content(long offset) {
            return new Content(0, cell.totals(before(offset)));
        }
    }

    /**
     * Folds a partition.
     *
     * @param source the messages of the partition
     */
    StateModel(Rules rules, List<Message> source, PartitionFold fold) {
        this.rules = rules;
        this.fold = fold;
        Set<Long> uncounted = new HashSet<>(fold.late());
        uncounted.addAll(fold.dead());
        counted = source.stream()
                .filter(message -> !uncounted.contains(message.offset()))
                .toList();
        if (rules.kind() != Rules.Kind.SESSION) {
            counted.forEach(this::count);
        }
    }

    /** Says which offsets will be asked for. */
    void prepare(Collection<Long> offsets) {
        SortedSet<Long> missing = new TreeSet<>(offsets);
        missing.removeAll(sessions.keySet());
        if (rules.kind() == Rules.Kind.SESSION && !missing.isEmpty()) {
            fold(missing);
        }
    }

    private void count(Message message) {
        Line line = Objects.requireNonNull(Line.of(message, rules));
        Group group = groups.computeIfAbsent(new Id(slice(line.time()), line.key()), Group::new);
        group.offsets.add(message.offset());
        group.cell.add(line.value());
    }

    private void fold(SortedSet<Long> asked) {
        Sessions open = new Sessions(rules.size());
        int next = 0;
        for (long offset : asked) {
            for (; next < counted.size() && counted.get(next).offset() < offset; next++) {
                Message message = counted.get(next);
                open.add(
                        Objects.requireNonNull(Line.of(message, rules)),
                        fold.watermarkBefore(message.offset() + 1),
                        new HashMap<>());
            }
            Map<Id, Content> contents = new HashMap<>();
            open.open()
                    .forEach((id, cell) -> contents.put(
                            new Id(id.start(), id.key()), new Content(id.end() - rules.size(), cell.totals())));
            sessions.put(offset, contents);
        }
    }

    private long slice(long time) {
        return rules.kind() == Rules.Kind.TOTAL ? 0 : rules.border(time);
    }

    /** Windows and totals, in the order of their first records; none for sessions. */
    Iterable<Group> groups() {
        return groups.values();
    }

    /** Whether nothing counts in this slice any more. */
    boolean isClosed(Id id, long watermark) {
        long end = rules.windowsOf(id.start()).stream()
                .mapToLong(Rules.Window::end)
                .max()
                .orElseThrow();
        return end + rules.lateness() <= watermark;
    }

    /** What an entry says that has all records before an offset; null if there is no such entry. */
    @Nullable
    Content content(Id id, long offset) {
        if (rules.kind() == Rules.Kind.SESSION) {
            return sessions(offset).get(id);
        }
        Group group = groups.get(id);
        return group == null || group.first() >= offset ? null : group.content(offset);
    }

    /** What is open at an offset. */
    Map<Id, Content> open(long offset, long watermark) {
        Map<Id, Content> open = new HashMap<>();
        if (rules.kind() == Rules.Kind.SESSION) {
            sessions(offset).forEach((id, content) -> {
                if (content.last() + rules.size() > watermark) {
                    open.put(id, content);
                }
            });
            return open;
        }
        for (Group group : groups.values()) {
            if (group.first() < offset && !isClosed(group.id, watermark)) {
                open.put(group.id, group.content(offset));
            }
        }
        return open;
    }

    private Map<Id, Content> sessions(long offset) {
        return Objects.requireNonNull(sessions.get(offset), "not asked for");
    }
}
