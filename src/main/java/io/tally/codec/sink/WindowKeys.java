package io.tally.codec.sink;

import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.JsonText;
import io.tally.codec.time.TimeWriter;
import io.tally.engine.WindowResult;
import java.util.List;

/**
 * Rows whose record keys are different for each window: {@code ["2026-01-01T00:00:00Z","2026-01-01T00:00:05Z","k"]},
 * start, end and group key as texts, without spaces. So compaction keeps the last row of each window and key. With the
 * group key alone it would keep only the last window of each key.
 */
final class WindowKeys implements ResultEncoder {
    private final ResultEncoder values;
    private final TimeWriter start = TimeWriter.iso();
    private final TimeWriter end = TimeWriter.iso();
    private final ByteOutput out = new ByteOutput();

    WindowKeys(ResultEncoder values) {
        this.values = values;
    }

    @Override
    public List<String> resultNames() {
        return values.resultNames();
    }

    @Override
    public byte[] encode(WindowResult result) {
        return values.encode(result);
    }

    @Override
    public byte[] key(WindowResult result) {
        out.reset();
        out.writeAscii("[\"");
        out.write(start.write(result.start()));
        out.writeAscii("\",\"");
        out.write(end.write(result.end()));
        out.writeAscii("\",");
        JsonText.write(result.key(), 0, result.key().length, out);
        out.write(']');
        return out.toByteArray();
    }

    @Override
    public byte[] exampleKey() {
        return values.exampleKey();
    }

    @Override
    public RowReader reader() {
        return new WindowKeyReader();
    }

    @Override
    public boolean hasWindowInKey() {
        return true;
    }
}
