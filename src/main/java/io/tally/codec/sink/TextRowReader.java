package io.tally.codec.sink;

import io.tally.codec.time.AmbiguousTime;
import io.tally.codec.time.AmbiguousTimes;
import io.tally.codec.time.TimeWriter;
import io.tally.codec.time.TimestampParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads start and end of the window from a line that a {@link TextEncoder} has written, if its template has one of
 * them; the record key is the group key. Texts in a line may be anything, so some lines are mistaken for another row.
 * Callers who rely on the answer check that a row which was just written is read back.
 */
final class TextRowReader implements RowReader {
    private static final String OFFSET = "[+-]\\d\\d:\\d\\d";

    private final Pattern line;
    private final boolean hasStart;
    private final boolean hasEnd;
    private final TimestampParser times;
    /** Reads times that are followed by an offset, since clocks show them twice; null if there are none. */
    private final @Nullable TimestampParser withOffset;

    private TextRowReader(SinkFormat.Text format, String pattern, boolean hasStart, boolean hasEnd) {
        line = Pattern.compile(pattern, Pattern.DOTALL);
        this.hasStart = hasStart;
        this.hasEnd = hasEnd;
        AmbiguousTimes ambiguous = new AmbiguousTimes(AmbiguousTime.EARLIER);
        times = TimestampParser.create(format.timeFormat(), format.zone(), ambiguous);
        withOffset = format.offsets() && !TimestampParser.isNamed(format.timeFormat())
                ? TimestampParser.create(format.timeFormat() + "xxx", format.zone(), ambiguous)
                : null;
    }

    /** A reader for the lines of a template; null if they do not say their window. */
    static @Nullable TextRowReader of(SinkFormat.Text format, List<Template.Part> template) {
        StringBuilder pattern = new StringBuilder();
        boolean hasStart = false;
        boolean hasEnd = false;
        for (Template.Part part : template) {
            if (!part.placeholder()) {
                pattern.append(Pattern.quote(part.text()));
            } else if (part.text().equals("start") && !hasStart) {
                hasStart = true;
                pattern.append("(?<start>").append(time(format)).append(')');
            } else if (part.text().equals("end") && !hasEnd) {
                hasEnd = true;
                pattern.append("(?<end>").append(time(format)).append(')');
            } else {
                pattern.append(".*?");
            }
        }
        try {
            return hasStart || hasEnd ? new TextRowReader(format, pattern.toString(), hasStart, hasEnd) : null;
        } catch (IllegalArgumentException e) {
            // The format can be written and not be read, as one without a year.
            return null;
        }
    }

    /** A regular expression for times of the format, made from a sample. */
    private static String time(SinkFormat.Text format) {
        if (TimestampParser.EPOCHS.containsKey(format.timeFormat())) {
            return "-?\\d+(?:\\.\\d+)?";
        }
        StringBuilder pattern = new StringBuilder();
        Matcher runs = Pattern.compile("\\d+|\\p{L}+|[^\\d\\p{L}]+")
                .matcher(TimeWriter.sample(format.timeFormat(), format.zone()));
        while (runs.find()) {
            char first = runs.group().charAt(0);
            boolean isLast = runs.end() == runs.regionEnd();
            if (format.timeFormat().equals(TimestampParser.ISO) && isLast) {
                pattern.append("(?:\\.\\d+)?");
            }
            pattern.append(
                    Character.isDigit(first)
                            ? "\\d{" + runs.group().length() + ",}"
                            : Character.isLetter(first) ? "\\p{L}+" : Pattern.quote(runs.group()));
        }
        return pattern + (format.offsets() ? "(?:" + OFFSET + ")?" : "");
    }

    @Override
    public @Nullable Place read(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null || value == null) {
            return null;
        }
        Matcher found = line.matcher(new String(value, StandardCharsets.UTF_8));
        if (!found.matches()) {
            return null;
        }
        long start = hasStart ? time(found.group("start")) : 0;
        long end = hasEnd ? time(found.group("end")) : 0;
        if (start == TimestampParser.INVALID || end == TimestampParser.INVALID) {
            return null;
        }
        return new Place(hasStart ? (Long) start : null, hasEnd ? (Long) end : null, key);
    }

    private long time(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean isLonger = withOffset != null && text.matches("(?s).*" + OFFSET);
        TimestampParser parser = isLonger && withOffset != null ? withOffset : times;
        return parser.parse(bytes, 0, bytes.length);
    }
}
