package io.tally.campaign.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must come of a source, read from its beginning to its end. */
public final class Expectation {
    private final Rules rules;
    private final List<Message> source;
    private final Map<Message.Position, Message> byPosition = new HashMap<>();
    private final long values;
    private final List<PartitionFold> folds = new ArrayList<>();
    /** None behind a shuffle. */
    private final List<StateModel> states = new ArrayList<>();

    private final Map<Row.Id, Cell> closed = new LinkedHashMap<>();
    private final Map<Row.Id, Cell> open = new HashMap<>();

    /** @param source the messages of each partition in their order */
    public Expectation(Rules rules, List<Message> source) {
        this.rules = rules;
        this.source = source;
        long sum = 0;
        for (Message message : source) {
            byPosition.put(new Message.Position(message.partition(), message.offset()), message);
            Line line = Line.of(message, rules);
            sum += line == null ? 0 : line.value();
        }
        values = sum;
        for (int partition = 0; partition < rules.partitions(); partition++) {
            int number = partition;
            PartitionFold fold = new PartitionFold(rules);
            List<Message> messages = source.stream()
                    .filter(message -> message.partition() == number)
                    .toList();
            messages.forEach(fold::add);
            folds.add(fold);
            if (!rules.shuffled()) {
                states.add(new StateModel(rules, messages, fold));
            }
        }
        if (rules.shuffled()) {
            if (rules.kind() != Rules.Kind.TUMBLING && folds.stream().anyMatch(fold -> fold.outOfOrder() > 0)) {
                throw new IllegalArgumentException("the load is out of order by more than the grace, so that results"
                        + " behind a shuffle depend on how far the partitions are");
            }
            divide(rules.kind() == Rules.Kind.SESSION ? sessionsOfAll() : windowsOfAll());
        } else {
            for (PartitionFold fold : folds) {
                closed.putAll(fold.closed());
                open.putAll(fold.open());
            }
        }
    }

    private Map<Row.Id, Cell> windowsOfAll() {
        Map<Row.Id, Cell> windows = new HashMap<>();
        for (PartitionFold fold : folds) {
            for (Map<Row.Id, Cell> part : List.of(fold.closed(), fold.open())) {
                part.forEach((id, cell) ->
                        windows.computeIfAbsent(id, any -> new Cell()).addAll(cell));
            }
        }
        return windows;
    }

    /**
     * Loads with a shuffle have no record that is late for its session, so the order in which they come is all the
     * same.
     */
    private Map<Row.Id, Cell> sessionsOfAll() {
        Map<Row.Id, Cell> windows = new HashMap<>();
        Sessions sessions = new Sessions(rules.size());
        folds.stream()
                .flatMap(fold -> fold.folded().stream())
                .sorted(Comparator.comparingLong(Line::time))
                .forEach(line -> sessions.add(line, line.time(), windows));
        windows.putAll(sessions.open());
        return windows;
    }

    /** A window has closed if it has in every partition. */
    private void divide(Map<Row.Id, Cell> windows) {
        long watermark =
                folds.stream().mapToLong(PartitionFold::watermark).min().orElseThrow();
        windows.forEach((id, cell) -> (id.end() <= watermark ? closed : open).put(id, cell));
    }

    Rules rules() {
        return rules;
    }

    List<Message> source() {
        return source;
    }

    /** The message at this place; null if there is none. */
    @Nullable
    Message source(Message.Position position) {
        return byPosition.get(position);
    }

    /** Sum of the values of all messages that have one. */
    long values() {
        return values;
    }

    PartitionFold fold(int partition) {
        return folds.get(partition);
    }

    /** What the state of a partition must be; not behind a shuffle. */
    StateModel state(int partition) {
        return states.get(partition);
    }

    /** Windows that must have a final row. */
    Map<Row.Id, Cell> closed() {
        return closed;
    }

    /** Windows that must not have one. */
    Map<Row.Id, Cell> open() {
        return open;
    }

    /** How many rows there must be, or final ones. */
    public int rows() {
        return closed.size();
    }

    /** How many records are counted in totals. */
    public long total() {
        return rules.kind() == Rules.Kind.TOTAL
                ? open.values().stream().mapToLong(Cell::count).sum()
                : 0;
    }

    /** How many records are late, and how many are dead letters. */
    public int[] uncounted() {
        return new int[] {
            folds.stream().mapToInt(fold -> fold.late().size()).sum(),
            folds.stream().mapToInt(fold -> fold.dead().size()).sum()
        };
    }
}
