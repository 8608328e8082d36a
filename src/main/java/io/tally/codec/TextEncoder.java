package io.tally.codec;

import io.tally.window.WindowResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
    private final CompositeKeyText composite;
    private final ByteOutput out = new ByteOutput();
    private final Part[] parts;

    TextEncoder(SinkFormat.Text format, RowShape shape, List<String> keyFields, List<String> aggregates) {
        this.shape = shape;
        this.keyFields = keyFields;
        this.aggregates = aggregates;
        this.start = TimeWriter.create(format.timeFormat(), format.zone());
        this.end = TimeWriter.create(format.timeFormat(), format.zone());
        this.composite = new CompositeKeyText(keyFields.size());
        // A single key field may be called as it likes: {key} always means it.
        List<String> reserved = reserved(shape);
        boolean alias = keyFields.size() == 1 && reserved.contains(keyFields.get(0));
        Set<String> names = RowNames.of(reserved, alias ? List.of() : keyFields, aggregates);
        Template template = Template.parse(format.template());
        Stream<Part> written = template.parts().stream()
                .map(part -> part.placeholder() ? placeholder(part.text(), names) : literal(part.text()));
        if (shape.revised() && !template.has("revision") && !template.has("final")) {
            written = Stream.concat(written, Stream.of(literal(" "), placeholder("revision", names)));
        }
        this.parts = written.toArray(Part[]::new);
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
        return reserved;
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
                    "sink.template has the placeholder {" + name + "}, which is none of " + names);
        }
        int keyField = keyFields.indexOf(name);
        int aggregate = aggregates.indexOf(name);
        if (shape.revised() && name.equals("revision")) {
            return (result, out) -> out.writeDecimal(result.revision());
        }
        if (shape.revised() && name.equals("final")) {
            return (result, out) -> out.writeAscii(String.valueOf(result.isFinal()));
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
        return name.equals("key") || keyFields.size() == 1
                ? (result, out) -> out.write(result.key())
                : (result, out) -> composite.writeText(result.key(), keyField, out);
    }

    /** Numbers and lists as in JSON, a text without quotes, nothing for no value. */
    private static void value(@Nullable Object value, ByteOutput out) {
        if (value instanceof byte[] text) {
            out.write(text);
        } else if (value != null) {
            JsonValues.write(value, out);
        }
    }
}
