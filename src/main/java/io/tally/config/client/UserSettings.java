package io.tally.config.client;

import io.tally.config.client.ForcedSettings.Rule;
import io.tally.config.problem.Problems;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * What the user wrote under {@code spring.kafka} and {@code kafka} of the pipelines, as opposed to Spring Boot's own
 * defaults, some of which (isolation level read-uncommitted, text deserializers) would be refused.
 */
final class UserSettings {
    private static final ConfigurationPropertyName LISTENER = ConfigurationPropertyName.of("spring.kafka.listener");
    private static final Map<String, String> INSTEAD = Map.of(
            "concurrency", "; the number of consumer threads is tally.pipelines.<name>.lanes",
            "ack-mode", "; offsets are committed by the transaction that carries the results",
            "type", "; Tally always takes whole batches");

    private final Environment environment;
    private final Iterable<ConfigurationPropertySource> sources;

    UserSettings(Environment environment) {
        this.environment = environment;
        this.sources = ConfigurationPropertySources.get(environment);
    }

    void check(Collection<String> pipelines, Problems problems) {
        for (Rule rule : ForcedSettings.RULES) {
            List<String> names = new ArrayList<>(rule.names());
            pipelines.forEach(pipeline -> names.addAll(rule.names(pipeline)));
            for (String name : names) {
                String value = value(ConfigurationPropertyName.of(name));
                if (value != null && !value.isBlank() && !rule.accepts(value)) {
                    problems.add(name, value, rule.reason(), null);
                }
            }
        }
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream().filter(LISTENER::isAncestorOf).forEach(name -> refuseListener(name, problems));
            }
        }
    }

    private void refuseListener(ConfigurationPropertyName name, Problems problems) {
        String property = name.getLastElement(ConfigurationPropertyName.Form.DASHED);
        problems.add(
                name.toString(),
                value(name),
                "has no effect, because Tally builds its listener containers itself"
                        + INSTEAD.getOrDefault(property, ""),
                null);
    }

    private @Nullable String value(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return environment.resolvePlaceholders(String.valueOf(property.getValue()));
            }
        }
        return null;
    }
}
