package io.tally.codec.framing;

import io.tally.codec.Cuts;
import io.tally.codec.Framing;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.Utf8;

/** Cuts the value that comes of replacing what is not UTF-8. */
record RepairingFraming(Framing framing) implements Framing {
    @Override
    public ByteRange prepare(ByteRange value) {
        return Utf8.valid(framing.prepare(value));
    }

    @Override
    public void cut(ByteRange value, Cuts cuts) {
        framing.cut(value, cuts);
    }
}
