package io.tally.simulation;

/** What a {@link ShuffleSimulation} met; a run of many seeds must have met everything. */
enum ShuffleHappening {
    COMMIT,
    REPLACED,
    ABORT,
    COMMITTED_BUT_NOT_TOLD,
    STATE_MARKER_LATER,
    RESTORED_MERGE_WITH_REPLAY,
    RESTORED_MERGE_FROM_STATE,
    HANDOVER,
    LATE,
    LATE_PARTIAL,
    EMISSION_REPLAYED,
    IDLE_AND_BACK,
    GROWN,
    CORRECTION,
    TUMBLING_ROW,
    HOPPING_ROW,
    CUMULATIVE_ROW,
    SESSION_ROW,
    TOTAL_ROW,
    TOTAL_WITH_TTL_ROW,
    TOTALS_BEGAN_ANEW,
    LATE_FOR_TOTALS,
    SESSIONS_RUN_AGAIN,
    STEP,
    STEP_WITHIN_A_WINDOW,
    RESTORED_IN_A_STEP,
    SESSIONS_BEHIND_IDLE_SOURCES
}
