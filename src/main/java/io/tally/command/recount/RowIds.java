package io.tally.command.recount;

import io.tally.codec.sink.ResultEncoder;
import io.tally.codec.sink.RowReader;
import io.tally.engine.WindowResult;
import io.tally.engine.row.KeyHash;
import io.tally.pipeline.PipelineSpec;
import io.tally.window.WindowKind;
import io.tally.window.Windowing;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells which row of a pipeline a record of a sink is. Not thread-safe. */
public final class RowIds {
    /**
     * A window and a group key, or the total of a key.
     *
     * @param start of the window; null if the row does not say it
     * @param end of the window; null if the row does not say it, or is a total
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Row(@Nullable Long start, @Nullable Long end, byte[] key) {
        /** A hash that tells the rows of one window and key from others. */
        public long hash() {
            long hash = KeyHash.wide(key, 0, key.length);
            return mix(mix(hash, start), end);
        }

        private static long mix(long hash, @Nullable Long time) {
            return time == null ? hash : (hash ^ time) * 0x9E3779B97F4A7C15L;
        }
    }

    private final @Nullable RowReader reader;
    private final @Nullable Windowing windowing;
    private final boolean isTotal;

    /** Identifies the rows that a pipeline's encoder makes. */
    public RowIds(PipelineSpec spec, ResultEncoder encoder) {
        reader = encoder.reader();
        isTotal = spec.window().kind() instanceof WindowKind.Totals;
        windowing = isTotal ? null : spec.window().windowing();
    }

    /** Which row it is; null if it is none of this sink, or of no window. */
    public @Nullable Row of(byte @Nullable [] key, byte @Nullable [] value) {
        if (reader == null) {
            return key == null || value == null ? null : new Row(null, null, key);
        }
        RowReader.Place place = reader.read(key, value);
        if (place == null) {
            return null;
        }
        if (isTotal) {
            return new Row(null, null, place.key());
        }
        if (windowing == null) {
            return new Row(place.start(), place.end(), place.key());
        }
        Long end = WindowBorders.end(windowing, place);
        return end == null ? null : new Row(null, end, place.key());
    }

    /** Whether a written row is read as itself; otherwise one row would be mistaken for another. */
    public boolean readsBack(WindowResult result, byte[] key, byte[] value) {
        Row row = of(key, value);
        return row != null
                && Arrays.equals(row.key(), result.key())
                && (row.end() == null || row.end() == result.end())
                && (row.start() == null || row.start() == result.start());
    }
}
