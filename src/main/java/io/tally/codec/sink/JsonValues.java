package io.tally.codec.sink;

import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.JsonText;
import io.tally.codec.bytes.Utf8;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An aggregate's result as JSON: numbers exact, lists as arrays, maps as objects in their order. */
final class JsonValues {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private JsonValues() {}

    /** Writes a value of the types that {@link io.tally.engine.WindowResult} lists. */
    static void write(@Nullable Object value, ByteOutput out) {
        if (value instanceof Long number) {
            out.writeDecimal(number);
        } else if (value instanceof BigDecimal number) {
            out.writeAscii(number.toPlainString());
        } else if (value instanceof byte[] text) {
            text(text, out);
        } else if (value instanceof List<?> list) {
            array(list, out);
        } else if (value instanceof Map<?, ?> map) {
            object(map, out);
        } else if (value == null) {
            out.write(NULL);
        } else {
            throw new IllegalStateException(
                    "a result of type " + value.getClass().getName() + " has no JSON form");
        }
    }

    private static void array(List<?> list, ByteOutput out) {
        out.write('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            write(list.get(i), out);
        }
        out.write(']');
    }

    private static void object(Map<?, ?> map, ByteOutput out) {
        out.write('{');
        boolean first = true;
        for (Map.Entry<?, ?> member : map.entrySet()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            text(String.valueOf(member.getKey()).getBytes(StandardCharsets.UTF_8), out);
            out.write(':');
            write(member.getValue(), out);
        }
        out.write('}');
    }

    private static void text(byte[] text, ByteOutput out) {
        // Decoders accept only UTF-8, but users' functions make values, too, and a row must be valid JSON.
        byte[] valid = Utf8.valid(text);
        JsonText.write(valid, 0, valid.length, out);
    }
}
