package io.tally.codec.framing;

import io.tally.codec.Cuts;
import io.tally.codec.Framing;
import io.tally.codec.SourceLimits;
import io.tally.codec.bytes.ByteRange;

/** Cuts no record that is too long or holds too many events. */
record LimitedFraming(SourceLimits limits, Framing framing) implements Framing {
    @Override
    public ByteRange prepare(ByteRange value) {
        limits.checkBytes(value.length());
        return framing.prepare(value);
    }

    @Override
    public void cut(ByteRange value, Cuts cuts) {
        framing.cut(value, cuts);
        limits.checkEvents(cuts.count());
    }
}
