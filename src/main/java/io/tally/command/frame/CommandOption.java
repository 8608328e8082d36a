package io.tally.command.frame;

import org.jspecify.annotations.Nullable;

/**
 * An option of a command.
 *
 * @param name without the hyphens
 * @param value what its value is called in the help; null if it has none
 * @param text what it does, a sentence without a full stop
 */
public record CommandOption(String name, @Nullable String value, String text) {
    /** An option that is there or not. */
    public static CommandOption flag(String name, String text) {
        return new CommandOption(name, null, text);
    }

    /** The option as the help shows it: {@code --name=VALUE}. */
    public String usage() {
        return "--" + name + (value == null ? "" : "=" + value);
    }
}
