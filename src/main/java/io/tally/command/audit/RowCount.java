package io.tally.command.audit;

import io.tally.aggregate.Event;
import io.tally.command.recount.SideIndex.Position;

/** Counts events into rows, and takes each row that has left out of the sinks. */
interface RowCount {
    /** Where an event comes from, and what the watermark of its partition was. */
    record Place(int partition, long offset, long watermark) {}

    /**
     * Counts an event, unless it is late.
     *
     * @return false if it is late
     * @throws io.tally.aggregate.AggregateFailedException if a function refuses it
     */
    boolean count(Event event, Place place);

    /** Redrive has brought an event into rows that had left. */
    void redriven(Event event, Position position);

    /** All events were counted: takes the rows that must have left since. */
    void end();
}
