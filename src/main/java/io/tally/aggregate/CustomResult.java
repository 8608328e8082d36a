package io.tally.aggregate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what users' functions return into the few types that encoders know. */
final class CustomResult {
    private CustomResult() {}

    /**
     * The result as one of the types that {@link io.tally.engine.WindowResult} lists.
     *
     * @throws IllegalStateException if none of these types fits
     */
    static @Nullable Object of(@Nullable Object result) {
        if (result == null || result instanceof Long || result instanceof BigDecimal || result instanceof byte[]) {
            return result;
        }
        if (result instanceof CharSequence text) {
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        if (result instanceof Number number) {
            return number(number);
        }
        if (result instanceof List<?> list) {
            List<@Nullable Object> values = new ArrayList<>();
            list.forEach(value -> values.add(of(value)));
            return values;
        }
        if (result instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            map.forEach((key, value) -> values.put(String.valueOf(key), of(value)));
            return values;
        }
        throw new IllegalStateException(
                result.getClass().getName() + " is neither a number nor a text, nor a list or map of such");
    }

    private static @Nullable Object number(Number number) {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.longValue();
        }
        if (number instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        if (number instanceof Double || number instanceof Float) {
            return Double.isFinite(number.doubleValue()) ? new BigDecimal(number.toString()) : null;
        }
        throw new IllegalStateException(number.getClass().getName() + " is not one of Java's own types of numbers");
    }
}
