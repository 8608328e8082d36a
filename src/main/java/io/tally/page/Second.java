package io.tally.page;

import org.jspecify.annotations.Nullable;

/**
 * A pipeline's numbers of one second. Names of the components are JSON.
 *
 * @param records records committed per second, whatever their class
 * @param rows rows sent to the sink per second
 * @param late late records per second
 * @param deadLetters dead letters per second
 * @param lag seconds between the clock and the highest event time of the partition that is furthest back; null if no
 *     partition has seen a record
 * @param commit milliseconds of the slowest commit; null if there was none
 * @param entries open (window, key) entries
 * @param bytes heap that open windows take
 */
record Second(
        double records,
        double rows,
        double late,
        double deadLetters,
        @Nullable Double lag,
        @Nullable Double commit,
        long entries,
        long bytes) {}
