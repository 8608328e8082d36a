package io.tally.testkit;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An aggregate's result as a text, the same for results that a sink would write in the same way. */
final class ResultText {
    private ResultText() {}

    /**
     * The text.
     *
     * @throws IllegalArgumentException if the result is not of the types that {@link io.tally.engine.WindowResult}
     *     lists
     */
    static String of(@Nullable Object result) {
        if (result == null || result instanceof Long) {
            return String.valueOf(result);
        }
        if (result instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (result instanceof byte[] text) {
            return "'" + new String(text, StandardCharsets.UTF_8) + "'";
        }
        if (result instanceof List<?> list) {
            return list.stream().map(ResultText::of).collect(Collectors.joining(", ", "[", "]"));
        }
        if (result instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + of(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        throw new IllegalArgumentException(
                "a result of type " + result.getClass().getName());
    }
}
