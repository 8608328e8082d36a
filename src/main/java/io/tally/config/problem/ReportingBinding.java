package io.tally.config.problem;

import java.util.function.BiConsumer;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;

/**
 * Makes the binding of one properties record report all problems at once (see {@link ReportingBindHandler}). Other
 * properties of the application are bound as usual. Spring Boot's binder finds this as a bean.
 */
public final class ReportingBinding<T extends Record> implements ConfigurationPropertiesBindHandlerAdvisor {
    private final Class<T> type;
    private final BiConsumer<T, Problems> check;
    private final Environment environment;
    private final KnownProperties known;

    /**
     * Binding of {@code type} is reported.
     *
     * @param type a record with {@link ConfigurationProperties}
     * @param check finds problems of the bound record that are not about the form of single values
     */
    public ReportingBinding(Class<T> type, BiConsumer<T, Problems> check, Environment environment) {
        this.type = type;
        this.check = check;
        this.environment = environment;
        ConfigurationProperties annotation = AnnotationUtils.getAnnotation(type, ConfigurationProperties.class);
        if (annotation == null) {
            throw new IllegalArgumentException(type + " has no prefix");
        }
        this.known = new KnownProperties(annotation.prefix(), type);
    }

    @Override
    public BindHandler apply(BindHandler handler) {
        return new ReportingBindHandler<>(
                handler, known, type, check, new PropertySourcesPlaceholdersResolver(environment));
    }
}
