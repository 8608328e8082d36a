package io.tally.testkafka;

import io.tally.config.client.PipelineClients;
import io.tally.config.property.ClusterProperties;
import io.tally.kafka.client.ClientSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Client settings as the application makes them: Tally's own, what a user sets over them, and what is forced. */
public final class PackagedClients {
    private PackagedClients() {}

    /**
     * Reads the settings.
     *
     * @param consumer what the user sets for consumers, by the client's names
     * @param producer the same for producers
     */
    public static ClientSettings with(String bootstrap, Map<String, Object> consumer, Map<String, Object> producer) {
        Map<String, Object> user = new HashMap<>();
        user.put("spring.kafka.bootstrap-servers", bootstrap);
        consumer.forEach((name, value) -> user.put("spring.kafka.consumer.properties[" + name + "]", value));
        producer.forEach((name, value) -> user.put("spring.kafka.producer.properties[" + name + "]", value));
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("user", user));
        ConfigurationPropertySources.attach(environment);
        KafkaProperties properties = Binder.get(environment).bindOrCreate("spring.kafka", KafkaProperties.class);
        ClusterProperties own = Binder.get(environment).bindOrCreate("no.such.group", ClusterProperties.class);
        return PipelineClients.read(properties, () -> List.of(bootstrap), Map.of("p", own), null, environment)
                .clients("p");
    }
}
