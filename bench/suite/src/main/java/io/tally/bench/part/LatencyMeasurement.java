package io.tally.bench.part;

import io.tally.bench.ground.Percentiles;

/**
 * One run of one contender under a paced load; all in milliseconds, but for the CPU times.
 *
 * @param contender its name
 * @param rows from the sending of the record that lets a window close to each of its rows at the reader
 * @param acknowledgements of the source's own lines: what is slow in them is the machine's doing
 * @param toSource median from the sending of that record to its being appended to the source
 * @param toSink median from there to the row's being appended to the sink
 * @param toReader median from there to the row's being at the reader
 * @param cpu CPU time of its process in a second, in seconds
 * @param cpuOfBroker the same of the broker, which serves the source's writer and the sink's reader, too
 */
record LatencyMeasurement(
        String contender,
        Percentiles rows,
        Percentiles acknowledgements,
        double toSource,
        double toSink,
        double toReader,
        double cpu,
        double cpuOfBroker) {}
