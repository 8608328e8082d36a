package io.tally.campaign.check;

/**
 * What a pipeline does, as far as results depend on it; times in milliseconds.
 *
 * @param size of windows; of sessions the gap
 * @param advance how far apart windows begin
 * @param shuffled whether a key's records may be in all partitions of the source
 * @param updates whether rows leave before their window closes, too
 * @param partitions of source and sink
 */
public record Rules(Kind kind, long size, long advance, long grace, boolean shuffled, boolean updates, int partitions) {
    /** Event times outside of these are dead letters. */
    static final long FLOOR = 946_684_800_000L;

    static final long CEILING = 4_000_000_000_000L;

    /** How records come together. */
    public enum Kind {
        TUMBLING,
        HOPPING,
        SESSION
    }

    /** In how many windows a record is. */
    int windowsOfARecord() {
        return kind == Kind.HOPPING ? (int) (size / advance) : 1;
    }
}
