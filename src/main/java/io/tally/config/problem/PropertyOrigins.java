package io.tally.config.problem;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/** Finds where a property was set: the file and line, or the name of the property source. */
public final class PropertyOrigins {
    private final Iterable<ConfigurationPropertySource> sources;

    /** Looks into the sources in their order; the first has precedence. */
    public PropertyOrigins(Iterable<ConfigurationPropertySource> sources) {
        this.sources = sources;
    }

    /** Where the property, or the first element of the list of that name, was set; null if it was not. */
    public @Nullable String find(String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.ofIfValid(property);
        if (name == null) {
            return null;
        }
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found == null) {
                found = source.getConfigurationProperty(name.append("[0]"));
            }
            if (found != null && found.getOrigin() != null) {
                return found.getOrigin().toString();
            }
        }
        return null;
    }
}
