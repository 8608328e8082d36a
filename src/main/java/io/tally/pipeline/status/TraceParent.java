package io.tally.pipeline.status;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The span that a record comes from, as a W3C Trace Context header says it.
 *
 * @param traceId 32 hexadecimal digits, in lower case
 * @param spanId 16 hexadecimal digits, in lower case
 */
public record TraceParent(String traceId, String spanId) {
    /** Name of the header. */
    public static final String HEADER = "traceparent";

    /** The length in version 00. Later versions may have more behind it. */
    private static final int LENGTH = 55;

    private static final int MOST_LENGTH = 256;
    private static final int SAMPLED = 1;
    private static final Pattern FORM =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    /** What a header's value says; null if it is none, not of that form, or of a trace that nobody keeps. */
    public static @Nullable TraceParent of(byte @Nullable [] value) {
        if (value == null || value.length < LENGTH || value.length > MOST_LENGTH) {
            return null;
        }
        Matcher matcher = FORM.matcher(new String(value, StandardCharsets.ISO_8859_1));
        if (!matcher.matches()
                || ("00".equals(matcher.group(1)) && value.length != LENGTH)
                || (Integer.parseInt(matcher.group(4), 16) & SAMPLED) == 0) {
            return null;
        }
        return new TraceParent(matcher.group(2), matcher.group(3));
    }
}
