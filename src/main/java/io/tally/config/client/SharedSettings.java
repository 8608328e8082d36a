package io.tally.config.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails.Configuration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;

/**
 * What {@code spring.kafka.*} and the connection details say, as for any Spring Boot application, without Tally's
 * defaults. All pipelines share it.
 */
record SharedSettings(Map<String, Object> consumer, Map<String, Object> producer, Map<String, Object> admin) {
    static SharedSettings read(KafkaProperties properties, KafkaConnectionDetails connection) {
        return new SharedSettings(
                connected(properties.buildConsumerProperties(), connection::getConsumer),
                connected(properties.buildProducerProperties(), connection::getProducer),
                connected(properties.buildAdminProperties(), connection::getAdmin));
    }

    private static Map<String, Object> connected(Map<String, Object> properties, Supplier<Configuration> connection) {
        Map<String, @Nullable Object> result = new HashMap<>(properties);
        Configuration now = connection.get();
        result.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, now.getBootstrapServers());
        String protocol = now.getSecurityProtocol();
        if (protocol != null && !protocol.isEmpty()) {
            result.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        }
        if (now.getSslBundle() != null) {
            putBundle(result, () -> Objects.requireNonNull(connection.get().getSslBundle()));
        }
        result.values().removeIf(value -> value == null);
        return result;
    }

    /** Lets the clients take their certificates from a bundle. */
    static void putBundle(Map<String, @Nullable Object> settings, Supplier<SslBundle> bundle) {
        settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
        settings.put(SslBundle.class.getName(), new CurrentSslBundle(bundle));
    }

    /** The settings without the cluster's address and what belongs to that cluster: passwords and certificates. */
    static Map<String, Object> withoutCluster(Map<String, Object> settings) {
        Map<String, Object> result = new HashMap<>(settings);
        result.keySet()
                .removeIf(name -> name.equals(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                        || name.equals(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG)
                        || name.equals(SslBundle.class.getName())
                        || name.startsWith("ssl.")
                        || name.startsWith("sasl."));
        return result;
    }
}
