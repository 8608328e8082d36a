package io.tally.checkpoint;

/**
 * Running totals of one source partition since the pipeline's birth there. Every event is in exactly one class, and a
 * record is one event unless the source is split. So {@code birth offset + records() + control markers, aborted and
 * compacted records = committed offset}.
 *
 * @param folded counted in a window
 * @param late sent to the late topic, since all their windows had closed
 * @param deadLettered sent to the dead-letter topic, since they cannot be counted
 * @param filtered left out by the pipeline's filter; also records without any event
 * @param missing values, not events: how many values the folded events lacked, so that functions passed over them or
 *     took a replacement
 * @param further no class either: how many of the events above are not the first of their record
 */
public record Ledger(long folded, long late, long deadLettered, long filtered, long missing, long further) {
    public static final Ledger EMPTY = new Ledger(0, 0, 0, 0);

    public Ledger {
        if (folded < 0 || late < 0 || deadLettered < 0 || filtered < 0 || missing < 0 || further < 0) {
            throw new IllegalArgumentException("negative total: folded " + folded + ", late " + late
                    + ", dead-lettered " + deadLettered + ", filtered " + filtered + ", missing values " + missing
                    + ", further events " + further);
        }
    }

    /** Where each record is one event. */
    public Ledger(long folded, long late, long deadLettered, long filtered, long missing) {
        this(folded, late, deadLettered, filtered, missing, 0);
    }

    /** Where there are no missing values either. */
    public Ledger(long folded, long late, long deadLettered, long filtered) {
        this(folded, late, deadLettered, filtered, 0, 0);
    }

    /** Number of records. */
    public long records() {
        return total() - further;
    }

    /** Number of events. */
    public long total() {
        return folded + late + deadLettered + filtered;
    }

    public Ledger plus(Ledger other) {
        return new Ledger(
                folded + other.folded,
                late + other.late,
                deadLettered + other.deadLettered,
                filtered + other.filtered,
                missing + other.missing,
                further + other.further);
    }

    public Ledger minus(Ledger earlier) {
        return new Ledger(
                folded - earlier.folded,
                late - earlier.late,
                deadLettered - earlier.deadLettered,
                filtered - earlier.filtered,
                missing - earlier.missing,
                further - earlier.further);
    }
}
