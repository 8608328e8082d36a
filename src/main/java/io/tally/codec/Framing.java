package io.tally.codec;

import io.tally.codec.bytes.ByteRange;

/** Finds the events that a record's value holds. Confined to one thread. */
@FunctionalInterface
public interface Framing {
    /** What is to be cut in place of the value. */
    default ByteRange prepare(ByteRange value) {
        return value;
    }

    /**
     * Notes where the events are, in their order; none if there are none.
     *
     * @param value not empty, without a byte order mark
     * @throws RejectedException if the events cannot be told apart; then none of them counts
     */
    void cut(ByteRange value, Cuts cuts);
}
