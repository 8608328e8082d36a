package io.tally.engine;

/**
 * Entries of which no row will leave any more, though they are still in the state topic: there was no room for all
 * their tombstones in one transaction.
 *
 * @param rows one more than the highest ordinal among them in a slice, added up over all slices; positive
 * @param lastStart start of the last of their slices in milliseconds since the epoch; no other entry's slice starts
 *     there or before
 */
public record Expired(long rows, long lastStart) {}
