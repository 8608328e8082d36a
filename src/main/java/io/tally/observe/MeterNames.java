package io.tally.observe;

/**
 * The names and tags of all meters of Tally. {@code docs/metrics.md} explains them to users, by the names that they
 * have in Prometheus; tests compare the two.
 */
final class MeterNames {
    static final String RECORDS = "tally.records";
    static final String DEAD_LETTERS = "tally.dead.letters";
    static final String MISSING_VALUES = "tally.values.missing";
    static final String RESULTS = "tally.results";
    static final String STATE_RECORDS = "tally.state.records";
    static final String TIME_LAG = "tally.time.lag";
    static final String WATERMARK_DELAY = "tally.watermark.delay";
    static final String WATERMARK_UNCHANGED = "tally.watermark.unchanged";
    static final String WATERMARK_SOURCE = "tally.watermark.source";
    static final String WATERMARK_PENDING = "tally.watermark.pending";
    static final String OPEN_WINDOWS = "tally.windows.open";
    static final String OPEN_ENTRIES = "tally.entries.open";
    static final String OPEN_BYTES = "tally.entries.bytes";
    static final String REPLAY_DISTANCE = "tally.replay.distance";

    static final String TRANSACTION = "tally.transaction";
    static final String COMMIT = "tally.commit";
    static final String TRANSACTIONS = "tally.transactions";
    static final String TRANSACTION_ROWS = "tally.transaction.rows";
    static final String TRANSACTION_BYTES = "tally.transaction.bytes";
    static final String FENCED_PREDECESSORS = "tally.predecessors.fenced";

    static final String PROBLEMS = "tally.problems";
    static final String PARTITIONS = "tally.partitions";
    static final String UNCOUNTED = "tally.partitions.uncounted";
    static final String TRANSACTION_AGE = "tally.transaction.age";
    static final String MAX_OPEN_ENTRIES = "tally.entries.open.limit";
    static final String MAX_OPEN_BYTES = "tally.entries.limit";
    static final String HEAP_SHARE = "tally.heap.share";
    static final String RESTORE = "tally.restore";
    static final String RESTORE_REMAINING = "tally.restore.remaining";
    static final String RESTORED_ENTRIES = "tally.restore.entries";
    static final String REPLAYED_RECORDS = "tally.restore.replayed";
    static final String REFUSALS = "tally.refusals";

    static final String PIPELINE = "pipeline";
    static final String PARTITION = "partition";
    static final String LANE = "lane";
    static final String CLASS = "class";
    static final String REASON = "reason";
    static final String PHASE = "phase";
    static final String OUTCOME = "outcome";

    private MeterNames() {}
}
