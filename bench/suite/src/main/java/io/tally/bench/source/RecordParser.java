package io.tally.bench.source;

/** Reads records for the bare loop, one at a time. */
public interface RecordParser {
    /** Reads one; gives whether it could be read. */
    boolean parse(byte[] record);

    /** Event time of the record that was read last, in seconds. */
    long second();

    String ip();

    /** What is to be summed up, 0 if there is nothing. */
    long number();
}
