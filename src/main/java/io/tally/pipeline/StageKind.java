package io.tally.pipeline;

/** The part of a pipeline's work between one topic and the next. */
public enum StageKind {
    /** All of it: from source to sink. For sources that are partitioned by the group key. */
    DIRECT,
    /** From source to shuffle topic: partial aggregates by group key, and how far each source partition is. */
    COMBINE,
    /**
     * From shuffle topic to sink: partial aggregates become rows, by the minimum of the source partitions' watermarks.
     */
    MERGE
}
