package io.tally.config.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The order of a map that was bound. It is part of the form of state and rows, as that of the aggregates, so it is the
 * same at each start. Arguments, environment variables and system properties come out of hash tables: with one more of
 * them, whatever it is for, all may come in another order. So names are in the order of the files that have them, and
 * then by name.
 */
final class MapOrder {
    private MapOrder() {}

    /** The same map in its order. */
    static Map<?, ?> of(
            ConfigurationPropertyName name, Map<?, ?> bound, Iterable<ConfigurationPropertySource> sources) {
        if (bound.size() < 2) {
            return bound;
        }
        List<IterableConfigurationPropertySource> ordered = new ArrayList<>();
        boolean elsewhere = false;
        for (ConfigurationPropertySource source : sources) {
            if (!isOrdered(source)) {
                elsewhere |= source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT;
            } else if (source instanceof IterableConfigurationPropertySource iterable) {
                ordered.add(iterable);
            }
        }
        if (!elsewhere) {
            return bound;
        }
        Map<Object, Object> result = new LinkedHashMap<>();
        ordered.forEach(source -> source.stream()
                .filter(name::isAncestorOf)
                .map(property -> key(property, name.getNumberOfElements(), bound))
                .filter(bound::containsKey)
                .forEach(key -> result.putIfAbsent(key, bound.get(key))));
        new TreeSet<>(bound.keySet()).forEach(key -> result.putIfAbsent(key, bound.get(key)));
        return result;
    }

    private static boolean isOrdered(ConfigurationPropertySource source) {
        Object underlying = source.getUnderlyingSource();
        return !(underlying instanceof CommandLinePropertySource<?>
                || underlying instanceof SystemEnvironmentPropertySource
                || underlying instanceof PropertiesPropertySource);
    }

    /** The rest of the name begins with the key; if the map is one of single values, all of it is the key. */
    private static String key(ConfigurationPropertyName property, int from, Map<?, ?> bound) {
        String first = property.getElement(from, Form.ORIGINAL);
        return bound.containsKey(first)
                ? first
                : IntStream.range(from, property.getNumberOfElements())
                        .mapToObj(i -> property.getElement(i, Form.ORIGINAL))
                        .collect(Collectors.joining("."));
    }
}
