package io.tally.config.problem;

import java.util.regex.Pattern;

/**
 * Which properties hold passwords and keys. The value of such a property is never part of a text, also if its name has
 * a typo, so rather too many are taken for one.
 */
final class Secrets {
    private static final Pattern NAMES =
            Pattern.compile("(?i)passw|pwd|secret|token|jaas|credential|private|sasl|ssl|api-?key|\\.key$");

    /** Parts of such groups that are not secret, and that a user who made a mistake needs to see. */
    private static final Pattern HARMLESS =
            Pattern.compile("(?i)(mechanism|protocol|bundle|type|location|algorithm)\\]?$");

    private Secrets() {}

    /** @param property full name of a property */
    static boolean isSecret(String property) {
        return NAMES.matcher(property).find() && !HARMLESS.matcher(property).find();
    }
}
