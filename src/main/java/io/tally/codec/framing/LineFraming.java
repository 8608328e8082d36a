package io.tally.codec.framing;

import io.tally.codec.Cuts;
import io.tally.codec.Framing;
import io.tally.codec.LineEnds;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;

/** Each line that is not empty is an event. */
final class LineFraming implements Framing {
    private final LineEnds lineEnds;

    LineFraming(LineEnds lineEnds) {
        this.lineEnds = lineEnds;
    }

    @Override
    public void cut(ByteRange value, Cuts cuts) {
        byte[] bytes = value.bytes();
        int end = value.end();
        for (int start = value.start(); start < end; ) {
            int next = lineEnds.next(bytes, start, end);
            int stop = ByteScan.withoutLineEnds(bytes, start, next);
            if (stop > start) {
                cuts.add(start, stop);
            }
            start = next + 1;
        }
        if (cuts.count() == 0) {
            throw new RejectedException(Reason.EMPTY_VALUE, "the record holds nothing but line ends");
        }
    }
}
