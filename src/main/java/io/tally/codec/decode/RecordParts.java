package io.tally.codec.decode;

import io.tally.codec.Cuts;
import io.tally.codec.Framing;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes records apart: each event of a record, one after the other, is read as if it were a record of its own. Confined
 * to one thread.
 */
public final class RecordParts {
    /** {@link #of}: the record is rejected as a whole. */
    public static final int REJECTED = -1;

    private final Framing framing;
    private final Cuts cuts = new Cuts();
    private @Nullable RecordPart part;
    private byte[] bytes = {};
    private @Nullable Rejection rejection;

    public RecordParts(Framing framing) {
        this.framing = framing;
    }

    /**
     * Begins with a record. One without a value, or with an empty one, is its own and only event.
     *
     * @return how many events it holds; {@link #REJECTED} if that cannot be told, see {@link #rejection}
     */
    public int of(SourceRecord record) {
        cuts.clear();
        part = null;
        rejection = null;
        ByteRange found = record.value();
        if (found == null || found.length() == 0) {
            return 1;
        }
        try {
            ByteRange value = framing.prepare(ByteOrderMark.skip(found));
            framing.cut(value, cuts);
            bytes = value.bytes();
            part = new RecordPart(record, cuts.count());
            return cuts.count();
        } catch (RejectedException e) {
            rejection = e.rejection();
            return REJECTED;
        }
    }

    /**
     * An event of the record; valid until the next one is asked for.
     *
     * @param record the record that was handed to {@link #of}
     * @param event counted from 0
     */
    public SourceRecord part(SourceRecord record, int event) {
        return part == null ? record : part.show(event + 1, bytes, cuts.from(event), cuts.to(event));
    }

    /** Why the last record was rejected. */
    public Rejection rejection() {
        return Objects.requireNonNull(rejection, "the record was not rejected");
    }

    /** Releases the last record. */
    public void release() {
        part = null;
        bytes = new byte[0];
    }
}
