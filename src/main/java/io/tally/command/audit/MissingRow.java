package io.tally.command.audit;

import org.jspecify.annotations.Nullable;

/**
 * A row that a sink should have, and has not.
 *
 * @param sink its place among the sinks, 0 for the first
 * @param id hash of its window and key
 * @param window the window in words
 * @param origin which records make it, in words
 * @param key its record key
 * @param value as it should be
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record MissingRow(int sink, long id, String window, String origin, byte @Nullable [] key, byte[] value) {
    /** About what it takes of the heap. */
    long heapBytes() {
        return 300L + value.length + (key == null ? 0 : key.length);
    }
}
