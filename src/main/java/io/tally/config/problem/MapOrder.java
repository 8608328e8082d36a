package io.tally.config.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private final Iterable<ConfigurationPropertySource> sources;

    MapOrder(Iterable<ConfigurationPropertySource> sources) {
        this.sources = sources;
    }

    /** The same map in its order. */
    Map<?, ?> of(ConfigurationPropertyName name, Map<?, ?> bound) {
        List<IterableConfigurationPropertySource> ordered = new ArrayList<>();
        boolean elsewhere = false;
        for (ConfigurationPropertySource source : sources) {
            if (!isOrdered(source)) {
                elsewhere |= source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT;
            } else if (source instanceof IterableConfigurationPropertySource iterable) {
                ordered.add(iterable);
            }
        }
        if (!elsewhere || bound.size() < 2) {
            return bound;
        }
        Set<String> keys = new LinkedHashSet<>();
        ordered.forEach(source -> source.stream()
                .filter(name::isAncestorOf)
                .forEach(property -> addKeys(property, name.getNumberOfElements(), keys)));
        Map<Object, Object> result = new LinkedHashMap<>();
        keys.stream().filter(bound::containsKey).forEach(key -> result.put(key, bound.get(key)));
        new TreeSet<>(bound.keySet()).forEach(key -> result.putIfAbsent(key, bound.get(key)));
        return result;
    }

    private static boolean isOrdered(ConfigurationPropertySource source) {
        Object underlying = source.getUnderlyingSource();
        return !(underlying instanceof CommandLinePropertySource<?>
                || underlying instanceof SystemEnvironmentPropertySource
                || underlying instanceof PropertiesPropertySource);
    }

    /** A key may have dots, so each beginning of the rest may be one. */
    private static void addKeys(ConfigurationPropertyName property, int from, Set<String> keys) {
        StringBuilder key = new StringBuilder();
        for (int i = from; i < property.getNumberOfElements(); i++) {
            key.append(i == from ? "" : ".").append(property.getElement(i, Form.ORIGINAL));
            keys.add(key.toString());
        }
    }
}
