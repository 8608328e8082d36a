package io.tally.command.recount;

import io.tally.codec.bytes.ByteRange;
import io.tally.codec.sink.ResultEncoder;
import io.tally.codec.sink.RowReader;
import io.tally.engine.WindowResult;
import io.tally.window.Windowing;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells which row of a pipeline a record of a sink is. Not thread-safe. */
public final class SinkRows {
    /**
     * A window and a group key.
     *
     * @param end of the window, which no other window has
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Row(long end, byte[] key) {
        /** Whether it is this one. */
        public boolean is(long otherEnd, byte[] otherKey) {
            return end == otherEnd && Arrays.equals(key, otherKey);
        }
    }

    private final ResultEncoder encoder;
    private final RowReader reader;
    private final Windowing windowing;

    /** @param encoder of a sink whose rows say their window, as {@link Recountable#require} makes sure */
    public SinkRows(ResultEncoder encoder, Windowing windowing) {
        this.encoder = encoder;
        this.windowing = windowing;
        reader = Objects.requireNonNull(encoder.reader(), "the sink was checked before");
    }

    /** Which row it is; null if it is none of this sink, or of no window. */
    public @Nullable Row row(byte @Nullable [] key, byte @Nullable [] value) {
        RowReader.Place place = reader.read(key, value);
        Long end = place == null ? null : WindowBorders.end(windowing, place);
        return place == null || end == null ? null : new Row(end, place.key());
    }

    /** Whether a row is found again once it is written; else one row would be taken for another. */
    public boolean readsBack(WindowResult result) {
        Row row = row(encoder.key(result), encoder.encode(result));
        return row != null && row.is(result.end(), result.key());
    }

    /** A key or a value of a record, to keep. */
    public static byte @Nullable [] bytes(@Nullable ByteRange range) {
        return range == null ? null : range.copy();
    }
}
