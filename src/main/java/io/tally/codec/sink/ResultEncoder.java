package io.tally.codec.sink;

import io.tally.engine.WindowResult;

/** Turns a final row into the bytes of the sink record's value. Not thread-safe; each lane has its own. */
public interface ResultEncoder {
    byte[] encode(WindowResult result);
}
