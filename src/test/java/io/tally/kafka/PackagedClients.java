package io.tally.kafka;

import io.tally.config.client.KafkaClientSettings;
import io.tally.kafka.client.ClientSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/** Client settings as the application makes them: the packaged ones, what a user sets over them, and what is forced. */
final class PackagedClients {
    private PackagedClients() {}

    /**
     * Reads the packaged settings.
     *
     * @param consumer what the user sets for consumers, by the client's names
     * @param producer the same for producers
     */
    static ClientSettings with(String bootstrap, Map<String, Object> consumer, Map<String, Object> producer) {
        Map<String, Object> user = new HashMap<>();
        user.put("spring.kafka.bootstrap-servers", bootstrap);
        consumer.forEach((name, value) -> user.put("spring.kafka.consumer.properties[" + name + "]", value));
        producer.forEach((name, value) -> user.put("spring.kafka.producer.properties[" + name + "]", value));
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("user", user));
        try {
            new YamlPropertySourceLoader()
                    .load("packaged", new ClassPathResource("application.yml"))
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ConfigurationPropertySources.attach(environment);
        KafkaProperties properties = Binder.get(environment).bindOrCreate("spring.kafka", KafkaProperties.class);
        return KafkaClientSettings.read(properties, () -> List.of(bootstrap), environment)
                .clients();
    }
}
