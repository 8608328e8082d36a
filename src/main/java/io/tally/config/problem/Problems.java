package io.tally.config.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects problems while a configuration is read, so that one start tells them all. A view has a prefix, to which
 * property names are relative. Of several problems of one property only the first is kept: the others follow from it.
 */
public final class Problems {
    private final List<ConfigurationProblem> found;
    private final String prefix;

    /** No problems yet; names are complete. */
    public Problems() {
        this(new ArrayList<>(), "");
    }

    private Problems(List<ConfigurationProblem> found, String prefix) {
        this.found = found;
        this.prefix = prefix;
    }

    /** A view of the same problems for names below {@code group}. */
    public Problems under(String group) {
        return new Problems(found, name(group) + ".");
    }

    /**
     * Adds a problem.
     *
     * @param property name relative to this view's prefix
     * @param value null if the property is not set
     * @param reason what is wrong
     * @param example a right value, null where the reason shows it
     */
    public void add(String property, @Nullable Object value, String reason, @Nullable String example) {
        add(new ConfigurationProblem(name(property), value == null ? null : value.toString(), null, reason, example));
    }

    void add(ConfigurationProblem problem) {
        if (found.stream().noneMatch(other -> other.property().equals(problem.property()))) {
            found.add(problem);
        }
    }

    /**
     * The result of {@code action}, or null if it threw an {@link IllegalArgumentException}, which becomes a problem.
     */
    public <T> @Nullable T attempt(String property, @Nullable Object value, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            add(property, value, String.valueOf(e.getMessage()), null);
            return null;
        }
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Ends the reading.
     *
     * @param origins finds where a property was set, null if unknown
     * @throws InvalidConfigurationException if there is any problem
     */
    public void throwIfAny(Function<String, @Nullable String> origins) {
        if (!found.isEmpty()) {
            found.replaceAll(problem ->
                    problem.origin() == null ? problem.withOrigin(origins.apply(problem.property())) : problem);
            throw failure();
        }
    }

    /** The failure that tells the problems. */
    public InvalidConfigurationException failure() {
        return new InvalidConfigurationException(found);
    }

    private String name(String property) {
        return prefix + property;
    }
}
