package io.tally.bench.ground;

import java.util.Locale;

/** A section of the report, while it is written. */
public final class Markdown {
    private final StringBuilder text = new StringBuilder();

    /** A paragraph; the first one of a section is its heading. */
    public Markdown paragraph(String format, Object... arguments) {
        text.append(format(format, arguments)).append("\n\n");
        return this;
    }

    /** The head of a table, whose rows follow. */
    public Markdown head(String... columns) {
        row((Object[]) columns);
        text.append("|").append("---|".repeat(columns.length)).append('\n');
        return this;
    }

    public Markdown row(Object... cells) {
        text.append('|');
        for (Object cell : cells) {
            text.append(' ').append(cell).append(" |");
        }
        text.append('\n');
        return this;
    }

    /** Ends a table. */
    public Markdown end() {
        text.append('\n');
        return this;
    }

    /** The same figures everywhere, whatever the machine's language. */
    public static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
