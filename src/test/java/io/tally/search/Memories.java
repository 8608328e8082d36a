package io.tally.search;

import io.tally.engine.EngineView;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.ProcessorView;
import io.tally.pipeline.partition.Restoration;
import io.tally.simulation.SimFold;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The product at work. A processor cannot be copied, so each memory is kept as the way to it: what it was restored
 * from, and the steps since. A step runs the whole way again, once for each memory; what comes of it is remembered.
 *
 * <p>Ways that lead to equal memories count as one. Whether that is right is checked: {@link #checkMerged} takes the
 * same steps from other ways, too.
 */
final class Memories {
    private static final int WAYS = 4;
    /**
     * Both instances write it into the metadata. Only who looks for transactions of a dead owner reads it; here these
     * are ended at any time.
     */
    private static final String WRITER = "search:a:0";

    private enum Step {
        FOLD,
        COMPLETE,
        DRAIN,
        CLEAR
    }

    /** What a restore reads; it replays up to {@code replayTo}. */
    private record Origin(int partition, @Nullable Commit commit, List<StateRecord> state, long replayTo) {}

    private record Way(Origin origin, List<Step> steps) {
        Way then(Step step) {
            List<Step> all = new ArrayList<>(steps);
            all.add(step);
            return new Way(origin, List.copyOf(all));
        }

        /** Where the transaction began that runs. */
        Way undone() {
            return new Way(origin, steps.subList(0, steps.lastIndexOf(Step.CLEAR) + 1));
        }
    }

    private final Scope scope;
    private final Interned<Memory> memories = new Interned<>();
    private final List<List<Way>> ways = new ArrayList<>();
    private final Map<Origin, Integer> restored = new HashMap<>();
    private final Map<Origin, Violation.Refusal> refused = new HashMap<>();
    private final Map<Integer, Integer> stepped = new HashMap<>();
    private long runs;

    Memories(Scope scope) {
        this.scope = scope;
    }

    Memory get(int number) {
        return memories.get(number);
    }

    int size() {
        return memories.size();
    }

    /** How often the product ran. */
    long runs() {
        return runs;
    }

    /**
     * Restores a partition; throws if it is refused.
     *
     * @param more how many records it replays beyond the committed offset
     */
    int restored(int partition, @Nullable Commit commit, List<StateRecord> state, int more) {
        long offset = commit == null ? 0 : commit.offset();
        long replayTo = Math.min(scope.end(partition), offset + (commit == null ? 0 : more));
        Origin origin = new Origin(partition, commit, state, replayTo);
        Violation.Refusal refusal = refused.get(origin);
        if (refusal != null) {
            throw refusal;
        }
        Integer known = restored.get(origin);
        if (known == null) {
            try {
                known = number(new Way(origin, List.of()));
            } catch (Violation.Refusal e) {
                refused.put(origin, e);
                throw e;
            }
            restored.put(origin, known);
        }
        return known;
    }

    /** Takes the next record. */
    int folded(int memory) {
        return step(memory, Step.FOLD);
    }

    /** The batch ends. */
    int completed(int memory) {
        return step(memory, Step.COMPLETE);
    }

    /** All that is dirty is written. */
    int drained(int memory) {
        return step(memory, Step.DRAIN);
    }

    /** The next transaction begins with it as it is. */
    int cleared(int memory) {
        return step(memory, Step.CLEAR);
    }

    /** As it was when the running transaction began. */
    int undone(int memory) {
        return number(ways.get(memory).get(0).undone());
    }

    private int step(int memory, Step step) {
        int key = memory * Step.values().length + step.ordinal();
        Integer known = stepped.get(key);
        if (known == null) {
            known = number(ways.get(memory).get(0).then(step));
            stepped.put(key, known);
        }
        return known;
    }

    private int number(Way way) {
        int number = memories.number(run(way));
        if (number == ways.size()) {
            ways.add(new ArrayList<>());
        }
        List<Way> known = ways.get(number);
        if (known.size() < WAYS && !known.contains(way)) {
            known.add(way);
        }
        return number;
    }

    /** Equal memories must stay equal, whatever comes. Gives how many steps were compared. */
    long checkMerged() {
        long compared = 0;
        for (Map.Entry<Integer, Integer> entry : stepped.entrySet()) {
            int memory = entry.getKey() / Step.values().length;
            Step step = Step.values()[entry.getKey() % Step.values().length];
            for (Way way : ways.get(memory)) {
                Memory after = run(way.then(step));
                compared++;
                if (!after.equals(memories.get(entry.getValue()))) {
                    throw new Violation("memories that look alike differ after " + step + ":\n" + after + "\n"
                            + memories.get(entry.getValue()));
                }
            }
        }
        return compared;
    }

    private Memory run(Way way) {
        runs++;
        Origin origin = way.origin;
        PartitionProcessor processor;
        try {
            processor = restore(origin);
        } catch (RefusedException e) {
            throw new Violation.Refusal(origin.partition, e.refusal().problem());
        }
        Sent sent = new Sent();
        processor.to(sent);
        long restoredAt = processor.nextOffset();
        long from = restoredAt;
        CommitPoint point = null;
        for (Step step : way.steps) {
            switch (step) {
                case FOLD -> {
                    if (!processor.process(scope.record(origin.partition, processor.nextOffset()))) {
                        throw new Violation("there was no room for rows");
                    }
                }
                case COMPLETE -> point = processor.completeBatch(processor.nextOffset(), 0);
                case DRAIN -> point = processor.drain(Integer.MAX_VALUE);
                case CLEAR -> {
                    sent.clear();
                    from = processor.nextOffset();
                    point = null;
                }
            }
        }
        return memory(origin.partition, processor, restoredAt, from, sent, point);
    }

    private PartitionProcessor restore(Origin origin) {
        Restoration restoration = new Restoration(scope.partition(origin.partition), scope.spec());
        long offset = 0;
        for (StateRecord record : origin.state) {
            restoration.state(offset++, record.keyBytes(), record.valueBytes());
        }
        Commit commit = origin.commit;
        int end = scope.end(origin.partition);
        restoration.load(
                commit == null
                        ? new Committed(false, 0, "", 0, end)
                        : new Committed(true, commit.offset(), commit.metadata(), 0, end));
        for (long replay = restoration.replayFrom(); replay < origin.replayTo; replay++) {
            restoration.replay(scope.record(origin.partition, replay));
        }
        return restoration.complete(WRITER);
    }

    private static Memory memory(
            int partition,
            PartitionProcessor processor,
            long restoredAt,
            long from,
            Sent sent,
            @Nullable CommitPoint point) {
        List<EngineView.Row> rows = EngineView.rows(ProcessorView.engine(processor));
        CommitPoint position = processor.position();
        String metadata = position.metadata().format();
        List<String> open = rows.stream()
                .map(row -> SimFold.row(row.sliceStart(), row.key(), row.results()))
                .toList();
        return new Memory(
                partition,
                rows + " " + metadata,
                restoredAt,
                SimFold.open(
                        open,
                        position.metadata().watermark(),
                        position.metadata().ledger().toString()),
                processor.nextOffset(),
                processor.isCommitDue(0),
                processor.isDirty(),
                from,
                List.copyOf(sent.lines),
                List.copyOf(sent.state),
                point == null
                        ? null
                        : new Commit(point.offset(), point.metadata().format()));
    }
}
