package io.tally.command.recount;

import io.tally.codec.bytes.ByteRange;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.WindowResult;
import io.tally.pipeline.PipelineSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells which row a record of a sink is, for pipelines whose windows do not depend on the records. Not thread-safe. */
public final class SinkRows {
    /**
     * A window and a group key.
     *
     * @param end of the window; no other window has the same end
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Row(long end, byte[] key) {
        /** Whether it is this one. */
        public boolean is(long otherEnd, byte[] otherKey) {
            return end == otherEnd && Arrays.equals(key, otherKey);
        }
    }

    private final ResultEncoder encoder;
    private final RowIds ids;

    /** @param encoder of a sink whose rows say their window, as {@link Recountable#require} makes sure */
    public SinkRows(PipelineSpec spec, ResultEncoder encoder) {
        this.encoder = encoder;
        ids = new RowIds(spec, encoder);
    }

    /** Which row it is; null if it is none of this sink, or of no window. */
    public @Nullable Row row(byte @Nullable [] key, byte @Nullable [] value) {
        RowIds.Row row = ids.of(key, value);
        return row == null || row.end() == null ? null : new Row(row.end(), row.key());
    }

    /** Whether a written row is read as itself; otherwise one row would be mistaken for another. */
    public boolean readsBack(WindowResult result) {
        return ids.readsBack(result, encoder.key(result), encoder.encode(result));
    }

    /** A key or a value of a record, to keep. */
    public static byte @Nullable [] bytes(@Nullable ByteRange range) {
        return range == null ? null : range.copy();
    }
}
