package io.tally.checkpoint;

/**
 * Running totals of one source partition since the pipeline's birth there. Every record is in exactly one class, so
 * {@code birth offset + total() + control markers, aborted and compacted records = committed offset}: an audit can
 * recompute it from the source.
 *
 * @param folded counted in a window
 * @param late sent to the late topic, since every window of theirs had closed
 * @param deadLettered sent to the dead-letter topic, since they cannot be counted
 * @param filtered left out by the pipeline's filter
 * @param missing no class of records: values that functions passed over, or took another for, since the folded records
 *     had none
 */
public record Ledger(long folded, long late, long deadLettered, long filtered, long missing) {
    public static final Ledger EMPTY = new Ledger(0, 0, 0, 0);

    public Ledger {
        if (folded < 0 || late < 0 || deadLettered < 0 || filtered < 0 || missing < 0) {
            throw new IllegalArgumentException("negative total: folded " + folded + ", late " + late
                    + ", dead-lettered " + deadLettered + ", filtered " + filtered + ", missing values " + missing);
        }
    }

    /** Without missing values. */
    public Ledger(long folded, long late, long deadLettered, long filtered) {
        this(folded, late, deadLettered, filtered, 0);
    }

    /** Number of records. */
    public long total() {
        return folded + late + deadLettered + filtered;
    }

    public Ledger minus(Ledger earlier) {
        return new Ledger(
                folded - earlier.folded,
                late - earlier.late,
                deadLettered - earlier.deadLettered,
                filtered - earlier.filtered,
                missing - earlier.missing);
    }
}
