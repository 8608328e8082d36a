package io.tally.codec.sink;

import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.JsonText;
import io.tally.codec.key.CompositeKeyText;
import io.tally.codec.time.TimeWriter;
import io.tally.engine.WindowResult;
import io.tally.window.TimeWindow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a row as a JSON object. */
final class JsonEncoder implements ResultEncoder {

    private final RowShape shape;
    private final TimeWriter start = TimeWriter.iso();
    private final TimeWriter end = TimeWriter.iso();
    /**
     * For starts and ends of other windows, so that the two above keep the last window, which is nearly always the
     * next, too.
     */
    private final TimeWriter other = TimeWriter.iso();

    private final byte[][] keyFields;
    private final List<String> resultNames;
    private final byte[][] aggregates;
    private final CompositeKeyText composite;
    private final ByteOutput out = new ByteOutput();

    JsonEncoder(RowShape shape, List<String> keyFields, List<String> aggregates) {
        List<String> shownFields = keyFields.size() > 1 ? keyFields : List.of();
        RowNames.of(reserved(shape), shownFields, aggregates);
        this.shape = shape;
        this.keyFields = members(shownFields);
        this.resultNames = aggregates;
        this.aggregates = members(aggregates);
        this.composite = new CompositeKeyText(shownFields.size());
    }

    @Override
    public byte[] exampleKey() {
        return CompositeKeyText.example(keyFields.length);
    }

    @Override
    public List<String> resultNames() {
        return resultNames;
    }

    @Override
    public @Nullable RowReader reader() {
        return shape.windowed() ? new JsonRowReader() : null;
    }

    @Override
    public byte[] encode(WindowResult result) {
        out.reset();
        out.write('{');
        if (shape.windowed()) {
            window(start.write(result.start()), end.write(result.end()));
            out.write(',');
        }
        out.writeAscii("\"key\":");
        JsonValues.write(result.key(), out);
        if (keyFields.length > 0) {
            keyFields(result.key());
        }
        for (int i = 0; i < aggregates.length; i++) {
            out.write(aggregates[i]);
            JsonValues.write(result.values()[i], out);
        }
        if (shape.revised()) {
            out.writeAscii(",\"revision\":");
            out.writeDecimal(result.revision());
            out.writeAscii(result.isFinal() ? ",\"final\":true" : ",\"final\":false");
        }
        if (shape.replacing()) {
            replaces(result.replaces());
        }
        out.write('}');
        return out.toByteArray();
    }

    private static List<String> reserved(RowShape shape) {
        List<String> reserved = new ArrayList<>();
        if (shape.windowed()) {
            reserved.addAll(List.of("windowStart", "windowEnd"));
        }
        reserved.add("key");
        if (shape.revised()) {
            reserved.addAll(List.of("revision", "final"));
        }
        if (shape.replacing()) {
            reserved.add("replaces");
        }
        return reserved;
    }

    private void window(byte[] from, byte[] to) {
        out.writeAscii("\"windowStart\":\"");
        out.write(from);
        out.writeAscii("\",\"windowEnd\":\"");
        out.write(to);
        out.write('"');
    }

    private void replaces(List<TimeWindow> windows) {
        out.writeAscii(",\"replaces\":[");
        for (int i = 0; i < windows.size(); i++) {
            out.writeAscii(i == 0 ? "{" : ",{");
            window(
                    other.write(windows.get(i).start()),
                    other.write(windows.get(i).end()));
            out.write('}');
        }
        out.write(']');
    }

    /** The key's own literals are canonical JSON already. */
    private void keyFields(byte[] key) {
        composite.split(key);
        for (int i = 0; i < keyFields.length; i++) {
            out.write(keyFields[i]);
            composite.writeLiteral(key, i, out);
        }
    }

    /** Each name as it stands in front of its value: {@code ,"name":}. */
    private static byte[][] members(List<String> names) {
        return names.stream().map(JsonEncoder::member).toArray(byte[][]::new);
    }

    private static byte[] member(String name) {
        ByteOutput member = new ByteOutput();
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        member.write(',');
        JsonText.write(bytes, 0, bytes.length, member);
        member.write(':');
        return member.toByteArray();
    }
}
