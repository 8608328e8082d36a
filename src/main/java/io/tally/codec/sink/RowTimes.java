package io.tally.codec.sink;

import io.tally.codec.time.TimeWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How text rows tell their windows apart: by the start and end in their template. Not thread-safe. */
public final class RowTimes {
    private final TimeWriter writer;
    private final List<Template.Part> times;

    public RowTimes(SinkFormat.Text format) {
        writer = TimeWriter.create(format.timeFormat(), format.zone(), format.offsets());
        times = Template.parse(format.template()).parts().stream()
                .filter(RowTimes::isTime)
                .toList();
    }

    /** The window's times in a row of it, as {@code {start}} and {@code {end}}; empty if rows have none. */
    public String of(long start, long end) {
        StringBuilder text = new StringBuilder();
        for (Template.Part time : times) {
            byte[] written = writer.write(time.text().equals("start") ? start : end);
            text.append(text.isEmpty() ? "" : ", ")
                    .append('{')
                    .append(time.text())
                    .append("} ");
            text.append(new String(written, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    /**
     * Two neighbouring placeholders such as {@code {key}{count}} with at most letters and digits between them, so that
     * no reader can tell where the first ends; null if there are none.
     */
    public static @Nullable String inseparable(SinkFormat.Text format) {
        Template.@Nullable Part before = null;
        String between = "";
        for (Template.Part part : Template.parse(format.template()).parts()) {
            if (!part.placeholder()) {
                between += part.text();
            } else {
                if (before != null && !isTime(before) && between.codePoints().allMatch(Character::isLetterOrDigit)) {
                    return '{' + before.text() + '}' + between + '{' + part.text() + '}';
                }
                before = part;
                between = "";
            }
        }
        return null;
    }

    private static boolean isTime(Template.Part part) {
        return part.placeholder() && (part.text().equals("start") || part.text().equals("end"));
    }
}
