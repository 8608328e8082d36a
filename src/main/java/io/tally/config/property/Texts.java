package io.tally.config.property;

import io.tally.config.problem.Problems;
import org.jspecify.annotations.Nullable;

/** What YAML does to texts. */
public final class Texts {
    private Texts() {}

    /** A property without a value in YAML ({@code topic:}) arrives as an empty text; it means the same as none. */
    public static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /**
     * Refuses a name that YAML may have changed: it reads on, off, yes and no as true and false, and later nobody can
     * tell which was written.
     */
    public static void refuseYamlWords(String group, String name, Problems problems) {
        if (name.equals("true") || name.equals("false")) {
            problems.add(
                    group + "." + name,
                    null,
                    "is no good name: without quotes YAML reads on and yes as true, off and no as false; put the name in"
                            + " quotes, or choose another",
                    "'on'");
        }
    }
}
