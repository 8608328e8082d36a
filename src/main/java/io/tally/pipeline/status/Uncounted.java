package io.tally.pipeline.status;

/**
 * Says that hardly any of the latest records of a partition are counted.
 *
 * @param isSevere whether the pipeline does not do its work because of it: dead letters and late records; not if its
 *     own filter leaves all out
 * @param text what becomes of them, with the most frequent reason, where a record of that kind is, and what to do; free
 *     of anything that records hold
 */
public record Uncounted(boolean isSevere, String text) {}
