package io.tally.campaign;

/**
 * A fault that happened.
 *
 * @param at nano time at which it did
 * @param over nano time at which the disturbance itself was over
 * @param eventTime that the load had reached at that time
 */
record Struck(long at, long over, long eventTime) {}
