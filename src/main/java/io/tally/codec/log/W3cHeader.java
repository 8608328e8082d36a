package io.tally.codec.log;

import io.tally.codec.FieldNames;
import io.tally.codec.Rejection.Reason;
import io.tally.setting.Setting;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which fields lines have: what the last header of a partition says, or the configuration before there was one. Its
 * text is committed with each offset, so it is durable:
 *
 * <pre>
 * ?                    no header yet
 * %                    a header that is too long to be kept
 * &lt;name&gt;[,&lt;name&gt;...]    the fields of a header in their order, each as in a URL (percent encoding of UTF-8)
 * </pre>
 *
 * <p>All names are kept, not the needed ones alone. So another configuration, which needs others, goes on as well.
 */
final class W3cHeader {
    /** Before the first header. */
    static final String NONE = "?";

    private static final String TOO_LONG = "%";
    /** With this much, the metadata of an offset are shorter than brokers allow by default (4096). */
    static final int MOST_CHARS = 1536;

    private static final String DIRECTIVE = "#Fields:";

    /** The header's text, as it is committed. */
    final String text;
    /** For each field of a line its slot in the reader, or {@link FieldNames#NONE}. */
    final int[] slots;
    /** Why lines cannot be read; null if they can. */
    final @Nullable String problem;
    /** The class of the problem. */
    final Reason reason;

    private W3cHeader(String text, int[] slots, @Nullable String problem, Reason reason) {
        this.text = text;
        this.slots = slots;
        this.problem = problem;
        this.reason = reason;
    }

    /** Before the first header: the fields that the configuration names, if it names any. */
    static W3cHeader none(List<String> configured, FieldNames needed) {
        return configured.isEmpty()
                ? unusable(
                        NONE,
                        "no #Fields: line came before this line, and " + Setting.SOURCE_COLUMNS
                                + ", which would name its fields, is not set")
                : of(NONE, configured, needed);
    }

    /**
     * The header in force, from its text.
     *
     * @throws IllegalArgumentException if it is not a text that this class wrote
     */
    static W3cHeader parse(String text, List<String> configured, FieldNames needed) {
        if (text.equals(NONE)) {
            return none(configured, needed);
        }
        if (text.equals(TOO_LONG)) {
            return tooLong();
        }
        List<String> names = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String name : text.split(",", -1)) {
                names.add(URLDecoder.decode(name, StandardCharsets.UTF_8));
            }
        }
        return of(text, names, needed);
    }

    /** What a line says that begins with {@code #}; null if it is no header. */
    static @Nullable W3cHeader read(byte[] bytes, int start, int end, FieldNames needed) {
        int namesStart = start + DIRECTIVE.length();
        if (end < namesStart
                || !new String(bytes, start, DIRECTIVE.length(), StandardCharsets.ISO_8859_1)
                        .equalsIgnoreCase(DIRECTIVE)) {
            return null;
        }
        if (end - namesStart > MOST_CHARS) {
            return tooLong();
        }
        List<String> names = Arrays.stream(
                        new String(bytes, namesStart, end - namesStart, StandardCharsets.UTF_8).split("\\s+"))
                .filter(name -> !name.isEmpty())
                .toList();
        String text = names.stream()
                .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
                .collect(Collectors.joining(","));
        return text.length() > MOST_CHARS ? tooLong() : of(text, names, needed);
    }

    private static W3cHeader tooLong() {
        return unusable(
                TOO_LONG,
                "the #Fields: line before this line is longer than " + MOST_CHARS
                        + " characters, too long to be kept with the offset");
    }

    private static W3cHeader unusable(String text, String problem) {
        return new W3cHeader(text, new int[0], problem, Reason.MALFORMED);
    }

    private static W3cHeader of(String text, List<String> names, FieldNames needed) {
        for (String name : needed.names()) {
            int first = names.indexOf(name);
            if (first < 0) {
                return new W3cHeader(
                        text,
                        new int[0],
                        "the #Fields: line before this line has no field '" + name + "'; it has " + names,
                        Reason.MISSING_FIELD);
            }
            if (first != names.lastIndexOf(name)) {
                return unusable(text, "the #Fields: line before this line names the field '" + name + "' twice");
            }
        }
        return new W3cHeader(text, names.stream().mapToInt(needed::slotOrNone).toArray(), null, Reason.MALFORMED);
    }

    /** Where the fields are named, for a message. */
    String origin() {
        return text.equals(NONE) ? Setting.SOURCE_COLUMNS.toString() : "the #Fields: line before it";
    }
}
