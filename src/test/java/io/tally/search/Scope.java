package io.tally.search;

import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.SourcePartition;
import io.tally.simulation.SimAggregate;
import io.tally.simulation.SimFold;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimRules;
import io.tally.simulation.SimWindow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the two partitions hold, and how they are counted. */
final class Scope {
    /** Entries are due one record later, and a transaction writes one: so some are in the state topic and some not. */
    private static final CheckpointPolicy TRICKLE =
            new CheckpointPolicy(Duration.ofHours(1), 1, 1, false, Duration.ZERO);

    private static final SimWindow TUMBLING = SimWindow.tumbling(10);

    /** Times and keys: two keys in a window, a row of each, a late record, and windows that stay open. */
    private static final List<List<String>> RECORDS = List.of(
            List.of("1 x", "2 x", "11 x", "3 y", "12 y", "25 x"),
            List.of("4 z", "15 z", "16 z", "17 w", "28 w", "9 z"));

    private final SimRules rules;
    private final PipelineSpec spec;
    private final List<SourcePartition> partitions = new ArrayList<>();
    private final List<List<SimRecord>> records = new ArrayList<>();
    /** By partition and offset. */
    private final List<List<SimFold>> folds = new ArrayList<>();

    /** With so many records in each partition, at most six. */
    Scope(int first, int second) {
        rules = new SimRules(TUMBLING, 0, 0, "row", List.of(SimAggregate.COUNT, SimAggregate.SUM_OF_POWERS));
        spec = rules.spec(TRICKLE, Long.MAX_VALUE);
        add(first);
        add(second);
    }

    private void add(int count) {
        int partition = records.size();
        partitions.add(new SourcePartition(
                "sim", "search", "events", "bM0VsOhVQQ6q9k", partition, 2, false, "search-events-state", null));
        List<SimRecord> log = new ArrayList<>();
        for (String line : RECORDS.get(partition).subList(0, count)) {
            String[] fields = line.split(" ");
            log.add(SimRecord.of(
                    log.size(),
                    fields[1].getBytes(StandardCharsets.UTF_8),
                    Long.parseLong(fields[0]),
                    5,
                    BigDecimal.valueOf(1L << (2 * log.size())),
                    null,
                    null));
        }
        records.add(log);
        List<SimFold> fold = new ArrayList<>();
        for (int end = 0; end <= count; end++) {
            fold.add(SimFold.of(log.subList(0, end), rules));
        }
        folds.add(fold);
    }

    PipelineSpec spec() {
        return spec;
    }

    SourcePartition partition(int number) {
        return partitions.get(number);
    }

    /** The end of a partition's log. */
    int end(int partition) {
        return records.get(partition).size();
    }

    SimRecord record(int partition, long offset) {
        return records.get(partition).get((int) offset);
    }

    /** What the records of a partition before an offset mean. */
    SimFold fold(int partition, long offset) {
        return folds.get(partition).get((int) offset);
    }
}
