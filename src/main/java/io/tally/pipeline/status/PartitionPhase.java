package io.tally.pipeline.status;

/** What a partition that this instance owns is doing. */
public enum PartitionPhase {
    /** Its state is being rebuilt from what is committed; no record of it is processed. */
    RESTORING,
    /** Its records are counted. */
    ACTIVE,
    /** It is not processed, since going on would be a guess. The {@link Refusal} says why and what to do. */
    REFUSED
}
