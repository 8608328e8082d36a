package io.tally.command.frame;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a command's result goes, and its progress. The result is all that standard output gets.
 *
 * @param out takes the result
 * @param progress takes what goes on meanwhile
 * @param isJson whether the result is for programs
 */
public record CommandOutput(PrintStream out, Progress progress, boolean isJson) {
    /** A line of the result for people; nothing if it is for programs. */
    public void line(String format, Object... values) {
        if (!isJson) {
            progress.clear();
            out.println(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
        }
    }

    /**
     * The result for programs; nothing if it is for people.
     *
     * @param result names with texts, numbers, booleans, lists and maps of such, null for what is not known
     */
    public void json(Map<String, ?> result) {
        if (isJson) {
            progress.clear();
            out.println(JsonMapper.builder().build().writeValueAsString(result));
        }
    }
}
