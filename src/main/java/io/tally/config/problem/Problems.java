package io.tally.config.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects problems while a configuration is read, so that one start tells them all. A view has a prefix to which
 * property names are relative. Only the first problem of a property is kept, since the others follow from it.
 */
public final class Problems {
    private final List<ConfigurationProblem> found;
    /** Texts that YAML took for something else, unless only their number matters. */
    private final Map<Misreading, ConfigurationProblem> misreadings;

    private final String prefix;

    /** A collection without problems; names are complete. */
    public Problems() {
        this(new ArrayList<>(), new LinkedHashMap<>(), "");
    }

    private Problems(
            List<ConfigurationProblem> found, Map<Misreading, ConfigurationProblem> misreadings, String prefix) {
        this.found = found;
        this.misreadings = misreadings;
        this.prefix = prefix;
    }

    /** A view of the same problems for names below {@code group}. */
    public Problems under(String group) {
        return new Problems(found, misreadings, name(group) + ".");
    }

    /**
     * Adds a problem.
     *
     * @param property name relative to this view's prefix
     * @param value null if the property is not set
     * @param reason what is wrong
     * @param example a right value; null if the reason shows one
     */
    public void add(String property, @Nullable Object value, String reason, @Nullable String example) {
        add(new ConfigurationProblem(name(property), value == null ? null : value.toString(), null, reason, example));
    }

    void add(ConfigurationProblem problem) {
        if (found.stream().noneMatch(other -> other.property().equals(problem.property()))) {
            found.add(problem);
        }
    }

    /** @param origin where it was set; null if that is unknown */
    void add(Misreading misreading, @Nullable String origin) {
        misreadings.put(
                misreading,
                new ConfigurationProblem(
                        misreading.property(),
                        misreading.value().toString(),
                        origin,
                        misreading.reason(),
                        misreading.example()));
    }

    /**
     * Notes that a property, or the elements of a list, are numbers, so that it does not matter how they are written.
     */
    public void takesNumbers(String property) {
        String name = name(property);
        misreadings
                .keySet()
                .removeIf(misreading -> misreading.isSameNumber()
                        && (misreading.property().equals(name)
                                || misreading.property().startsWith(name + "[")));
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
     * Ends the reading. For a text that YAML misread, only the misreading is reported: all other problems follow from
     * it.
     *
     * @param origins finds where a property was set, null if unknown
     * @throws InvalidConfigurationException if there is any problem
     */
    public void throwIfAny(Function<String, @Nullable String> origins) {
        misreadings.values().forEach(misread -> {
            found.removeIf(other -> other.property().equals(misread.property()));
            found.add(misread);
        });
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
