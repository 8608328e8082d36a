package io.tally.observe;

/**
 * The names and tags of all meters of Tally. {@code docs/metrics.md} explains them to users, and a test compares the
 * two.
 */
final class MeterNames {
    static final String RECORDS = "tally.records";
    static final String DEAD_LETTERS = "tally.dead.letters";
    static final String MISSING_VALUES = "tally.values.missing";
    static final String RESULTS = "tally.results";
    static final String STATE_RECORDS = "tally.state.records";
    static final String WATERMARK_DELAY = "tally.watermark.delay";
    static final String WATERMARK_PENDING = "tally.watermark.pending";
    static final String OPEN_WINDOWS = "tally.windows.open";
    static final String OPEN_ENTRIES = "tally.entries.open";
    static final String OPEN_BYTES = "tally.entries.bytes";
    static final String MAX_OPEN_BYTES = "tally.entries.bytes.max";
    static final String REPLAY_DISTANCE = "tally.replay.distance";
    static final String TRANSACTION = "tally.transaction";
    static final String COMMIT = "tally.commit";
    static final String ABORTS = "tally.aborts";
    static final String RESTORE = "tally.restore";
    static final String RESTORED_ENTRIES = "tally.restore.entries";
    static final String REPLAYED_RECORDS = "tally.restore.replayed";
    static final String REFUSALS = "tally.refusals";
    static final String FENCED_PREDECESSORS = "tally.predecessors.fenced";
    static final String PARTITIONS = "tally.partitions";

    static final String PIPELINE = "pipeline";
    static final String PARTITION = "partition";
    static final String LANE = "lane";
    static final String CLASS = "class";
    static final String REASON = "reason";
    static final String PHASE = "phase";

    private MeterNames() {}
}
