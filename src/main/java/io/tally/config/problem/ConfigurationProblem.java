package io.tally.config.problem;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with the configuration.
 *
 * @param property full name of the property as the user would write it
 * @param value its value, null if it is not set
 * @param origin where the value was set, null if that is unknown
 * @param reason what is wrong with it; it continues a sentence that begins with the property's name, or is a sentence
 * @param example a right value; null if the reason shows one
 */
public record ConfigurationProblem(
        String property,
        @Nullable String value,
        @Nullable String origin,
        String reason,
        @Nullable String example) {

    /** Hides the value of a property that may be a secret. */
    public ConfigurationProblem {
        value = value != null && Secrets.isSecret(property) ? "******" : value;
    }

    ConfigurationProblem withOrigin(@Nullable String found) {
        return new ConfigurationProblem(property, value, found, reason, example);
    }
}
