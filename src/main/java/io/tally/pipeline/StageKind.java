package io.tally.pipeline;

/** Which part of a pipeline's work is done between one topic and the next. */
public enum StageKind {
    /** All of it: from source to sink. Right where the source is partitioned by the group key. */
    DIRECT,
    /** From source to shuffle topic: partial aggregates by group key, and how far each source partition is. */
    COMBINE,
    /** From shuffle topic to sink: partial aggregates become rows, by the minimum of the source's watermarks. */
    MERGE
}
