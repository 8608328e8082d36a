package io.tally.command.check;

import io.tally.pipeline.log.OffsetRange;
import io.tally.pipeline.partition.StartForecast;

/**
 * What a start would do with a partition.
 *
 * @param held what the source holds
 * @param isCommitted whether there is a committed offset
 */
record PartitionStart(int partition, OffsetRange held, boolean isCommitted, StartForecast.Outlook outlook) {
    /** Number of records that would be read again. */
    long replayed() {
        return Math.max(0, outlook.to() - outlook.from());
    }

    /** Number of records that are not counted yet. */
    long lag() {
        return Math.max(0, held.to() - outlook.to());
    }
}
