package io.tally.pipeline.partition;

/**
 * How far one partition was read, and whether something lies behind its last record: control markers, aborted or
 * compacted records, which take offsets and nothing else. Confined to one thread.
 */
final class ReadProgress {
    /** How long that may stay uncommitted, in milliseconds: else each marker would cost a transaction. */
    static final long BEHIND_MILLIS = 1_000;

    private long nextOffset;
    /** Where the last record ended. */
    private long recordsEnd;
    /** Where the batch began: what is before has been written. */
    private long batchOffset;
    /** Since when there is something behind the last record that is not committed; -1 while there is nothing. */
    private long behindSince = -1;

    /** @param offset every record before it is in the state */
    ReadProgress(long offset) {
        nextOffset = offset;
        recordsEnd = offset;
        batchOffset = offset;
    }

    /** The offset of the next record; records before it are in the state. */
    long nextOffset() {
        return nextOffset;
    }

    /** Where the last record ended. */
    long recordsEnd() {
        return recordsEnd;
    }

    /** How many offsets the batch has so far. */
    long batchLength() {
        return nextOffset - batchOffset;
    }

    /** The records before this offset are in the state, and one ends there. */
    void recordsTo(long offset) {
        nextOffset = offset;
        recordsEnd = offset;
    }

    /** The log was read up to {@code next}, and no further record lies before that. */
    void skipTo(long next) {
        nextOffset = Math.max(nextOffset, next);
    }

    /** Whether the batch has no record, but the log went on. */
    boolean isBehindRecords() {
        return recordsEnd <= batchOffset && batchOffset < nextOffset;
    }

    /** Whether what lies behind the last record has waited long enough for the next one. */
    boolean isEndDue(long now) {
        if (!isBehindRecords()) {
            return false;
        }
        if (behindSince < 0) {
            behindSince = now;
        }
        return now - behindSince >= BEHIND_MILLIS;
    }

    /** All that was read is written. */
    void endBatch() {
        batchOffset = nextOffset;
        behindSince = -1;
    }
}
