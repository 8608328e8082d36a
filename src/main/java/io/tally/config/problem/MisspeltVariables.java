package io.tally.config.problem;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Environment variables that were meant to be a property and are none. Spring Boot refuses unknown properties in files,
 * but cannot tell which variables are meant for it. So a typo would have no effect, without a word.
 *
 * <p>In a variable dots become underscores and hyphens vanish, or become underscores, too. So names are compared
 * without all of these.
 */
public final class MisspeltVariables {
    private static final String PREFIX = "TALLY_";
    private static final String PIPELINES = "tallypipelines";

    private final List<String> known;

    /**
     * The names that are right.
     *
     * @param properties all properties, with wildcards
     * @param pipelines names of the pipelines
     */
    public MisspeltVariables(KnownProperties properties, Collection<String> pipelines) {
        known = new ArrayList<>();
        for (String name : properties.all()) {
            if (name.contains(".pipelines.*")) {
                pipelines.forEach(pipeline -> known.add(name.replace(".pipelines.*", ".pipelines." + pipeline)));
            } else {
                known.add(name);
            }
        }
    }

    /**
     * One sentence for each variable that resembles a property and is none, with the property that was probably meant.
     * Values are not told.
     *
     * @param variables names of environment variables
     */
    public List<String> of(Collection<String> variables) {
        List<String> texts = new ArrayList<>();
        variables.stream()
                .filter(variable -> variable.startsWith(PREFIX))
                .sorted()
                .filter(variable -> !isKnown(variable))
                .forEach(variable -> nearest(variable)
                        .ifPresent(property -> texts.add("The environment variable " + variable
                                + " has no effect: it is no property of Tally. Did you mean " + variable(property)
                                + " (" + property + ")?")));
        return texts;
    }

    private boolean isKnown(String variable) {
        String name = EditDistance.uniform(variable);
        return known.stream()
                .anyMatch(property -> pattern(property).matcher(name).matches());
    }

    private static Pattern pattern(String property) {
        StringBuilder pattern = new StringBuilder();
        for (String part : EditDistance.uniform(property).split("(?<=\\*)|(?=\\*)")) {
            pattern.append(part.equals("*") ? ".+" : Pattern.quote(part));
        }
        // The elements of a list are numbered.
        return Pattern.compile(pattern + "\\d*");
    }

    private Optional<String> nearest(String variable) {
        String name = EditDistance.uniform(variable);
        return EditDistance.nearestProperty(
                variable,
                known.stream().filter(property -> !property.contains("*")).toList(),
                last -> name.startsWith(PIPELINES) && name.endsWith(EditDistance.uniform(last)));
    }

    private static String variable(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
