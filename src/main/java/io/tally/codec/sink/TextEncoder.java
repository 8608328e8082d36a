package io.tally.codec.sink;

import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.JsonText;
import io.tally.codec.bytes.Utf8;
import io.tally.codec.key.CompositeKeyText;
import io.tally.codec.time.TimeWriter;
import io.tally.engine.WindowResult;
import io.tally.setting.Setting;
import io.tally.window.TimeWindow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a row by a template that was compiled to a list of writers. */
final class TextEncoder implements ResultEncoder {
    /** Writes one part of a row. */
    private interface Part {
        void write(WindowResult result, ByteOutput out);
    }

    private final RowShape shape;
    private final List<String> keyFields;
    private final List<String> aggregates;
    private final TimeWriter start;
    private final TimeWriter end;
    /**
     * For starts and ends of other windows, so that the two above keep the last window, which is nearly always the
     * next, too.
     */
    private final TimeWriter other;

    private final CompositeKeyText composite;
    /** Null if texts stay as they are. */
    private final @Nullable TextEscape escape;

    private final ByteOutput out = new ByteOutput();
    private final ByteOutput unescaped = new ByteOutput();
    private final SinkFormat.Text format;
    private final List<Template.Part> template;
    private final Part[] parts;

    TextEncoder(SinkFormat.Text format, RowShape shape, List<String> keyFields, List<String> aggregates) {
        this.shape = shape;
        this.keyFields = keyFields;
        this.aggregates = aggregates;
        this.start = TimeWriter.create(format.timeFormat(), format.zone(), format.offsets());
        this.end = TimeWriter.create(format.timeFormat(), format.zone(), format.offsets());
        this.other = TimeWriter.create(format.timeFormat(), format.zone(), format.offsets());
        this.composite = new CompositeKeyText(keyFields.size());
        this.format = format;
        this.template = parts(format, shape);
        this.escape = TextEscape.of(format, template);
        // A single key field may have any name: {key} always means it.
        List<String> reserved = reserved(shape);
        boolean alias = keyFields.size() == 1 && reserved.contains(keyFields.get(0));
        Set<String> names = RowNames.of(reserved, alias ? List.of() : keyFields, aggregates);
        this.parts = template.stream()
                .map(part -> part.placeholder() ? placeholder(part.text(), names) : literal(part.text()))
                .toArray(Part[]::new);
    }

    /**
     * The template's parts, followed by parts that it lacks and that a reader needs to know which rows a row replaces:
     * the end where windows may begin together, the revision, and the windows that it replaces.
     */
    private static List<Template.Part> parts(SinkFormat.Text format, RowShape shape) {
        Template template = Template.parse(format.template());
        List<Template.Part> parts = new ArrayList<>(template.parts());
        if (shape.revised() && shape.endNeeded() && !template.has("end")) {
            add("end", parts);
        }
        if (shape.revised() && !template.has("revision") && !template.has("final")) {
            add("revision", parts);
        }
        if (shape.replacing() && !template.has("replaces")) {
            add("replaces", parts);
        }
        return parts;
    }

    private static void add(String placeholder, List<Template.Part> parts) {
        parts.add(new Template.Part(" ", false));
        parts.add(new Template.Part(placeholder, true));
    }

    private static List<String> reserved(RowShape shape) {
        List<String> reserved = new ArrayList<>(List.of("start"));
        if (shape.windowed()) {
            reserved.add("end");
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

    @Override
    public byte[] exampleKey() {
        return CompositeKeyText.example(keyFields.size());
    }

    @Override
    public List<String> resultNames() {
        return aggregates;
    }

    @Override
    public @Nullable RowReader reader() {
        return shape.windowed() ? TextRowReader.of(format, template) : null;
    }

    @Override
    public byte[] encode(WindowResult result) {
        out.reset();
        if (keyFields.size() > 1) {
            composite.split(result.key());
        }
        for (Part part : parts) {
            part.write(result, out);
        }
        return out.toByteArray();
    }

    private static Part literal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return (result, out) -> out.write(bytes);
    }

    private Part placeholder(String name, Set<String> names) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException(
                    Setting.SINK_TEMPLATE + " has the placeholder {" + name + "}, which is none of " + names);
        }
        int keyField = keyFields.indexOf(name);
        int aggregate = aggregates.indexOf(name);
        if (shape.revised() && name.equals("revision")) {
            return (result, out) -> out.writeDecimal(result.revision());
        }
        if (shape.revised() && name.equals("final")) {
            return (result, out) -> out.writeAscii(String.valueOf(result.isFinal()));
        }
        if (shape.replacing() && name.equals("replaces")) {
            return (result, out) -> replaces(result.replaces(), out);
        }
        if (shape.windowed() && name.equals("end")) {
            return (result, out) -> out.write(end.write(result.end()));
        }
        if (name.equals("start")) {
            return (result, out) -> out.write(start.write(result.start()));
        }
        if (aggregate >= 0) {
            return (result, out) -> value(result.values()[aggregate], out);
        }
        if (keyFields.size() <= 1) {
            return (result, out) -> text(result.key(), out);
        }
        return name.equals("key")
                ? (result, out) -> json(result.key(), result.key().length, out)
                : (result, out) -> keyField(result.key(), keyField, out);
    }

    /** Pairs of start and end as compact JSON, like lists, so that times of any format can be told apart. */
    private void replaces(List<TimeWindow> windows, ByteOutput out) {
        unescaped.reset();
        unescaped.write('[');
        for (int i = 0; i < windows.size(); i++) {
            unescaped.writeAscii(i == 0 ? "[" : ",[");
            time(windows.get(i).start());
            unescaped.write(',');
            time(windows.get(i).end());
            unescaped.write(']');
        }
        unescaped.write(']');
        json(unescaped.buffer(), unescaped.size(), out);
    }

    private void time(long time) {
        byte[] text = other.write(time);
        JsonText.write(text, 0, text.length, unescaped);
    }

    /** Numbers and lists as in JSON, texts without quotes; a result without a value is empty. */
    private void value(@Nullable Object value, ByteOutput out) {
        if (value instanceof byte[] text) {
            text(Utf8.valid(text), out);
        } else if (value instanceof Number) {
            JsonValues.write(value, out);
        } else if (value != null) {
            unescaped.reset();
            JsonValues.write(value, unescaped);
            json(unescaped.buffer(), unescaped.size(), out);
        }
    }

    private void keyField(byte[] key, int field, ByteOutput out) {
        unescaped.reset();
        composite.writeText(key, field, unescaped);
        text(unescaped.buffer(), unescaped.size(), out);
    }

    private void text(byte[] text, ByteOutput out) {
        text(text, text.length, out);
    }

    private void text(byte[] bytes, int length, ByteOutput out) {
        if (escape == null) {
            out.write(bytes, 0, length);
        } else {
            escape.text(bytes, length, out);
        }
    }

    private void json(byte[] bytes, int length, ByteOutput out) {
        if (escape == null) {
            out.write(bytes, 0, length);
        } else {
            escape.json(bytes, length, out);
        }
    }
}
