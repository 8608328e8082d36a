package io.tally.config.client;

import io.tally.config.problem.Problems;
import io.tally.config.problem.PropertyOrigins;
import io.tally.kafka.client.ClientSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/**
 * The settings of {@code spring.kafka.*}, with those that exactly-once forces ({@link ForcedSettings}). Addresses,
 * security and everything else are inherited as in any Spring Boot application, connection details included.
 *
 * @param clients settings of all clients, without the identities of a lane (group id, group instance id, transactional
 *     id, client id)
 * @param startAtEnd whether a pipeline without committed offset begins at the end of its source, from
 *     {@code spring.kafka.consumer.auto-offset-reset}; the default is the beginning
 */
public record KafkaClientSettings(ClientSettings clients, boolean startAtEnd) {
    private static final List<String> CLASSIC_ONLY = List.of(
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);

    /**
     * Reads the settings.
     *
     * @throws io.tally.config.problem.InvalidConfigurationException if a setting conflicts with exactly-once, would
     *     have no effect, or does not go with another
     */
    public static KafkaClientSettings read(
            KafkaProperties properties, KafkaConnectionDetails connection, Environment environment) {
        Problems problems = new Problems();
        new UserSettings(environment).check(problems);
        Map<String, Object> consumer = connected(properties.buildConsumerProperties(), connection.getConsumer());
        Map<String, Object> producer = connected(properties.buildProducerProperties(), connection.getProducer());
        Map<String, Object> admin = connected(properties.buildAdminProperties(), connection.getAdmin());
        boolean startAtEnd = "latest".equals(consumer.get(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG));
        if ("consumer".equalsIgnoreCase(String.valueOf(consumer.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
            // Packaged defaults for the classic protocol, which would stop a client of the other protocol from
            // starting.
            CLASSIC_ONLY.forEach(consumer::remove);
        }
        consumer.putAll(ForcedSettings.CONSUMER);
        producer.putAll(ForcedSettings.PRODUCER);
        if (problems.isEmpty()) {
            new ClientConsistency(consumer, producer).check(problems);
        }
        problems.throwIfAny(new PropertyOrigins(ConfigurationPropertySources.get(environment))::find);
        return new KafkaClientSettings(new ClientSettings(consumer, producer, admin), startAtEnd);
    }

    private static Map<String, Object> connected(
            Map<String, Object> properties, KafkaConnectionDetails.Configuration connection) {
        Map<String, @Nullable Object> result = new HashMap<>(properties);
        result.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.getBootstrapServers());
        String protocol = connection.getSecurityProtocol();
        if (protocol != null && !protocol.isEmpty()) {
            result.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        }
        SslBundle bundle = connection.getSslBundle();
        if (bundle != null) {
            result.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
            result.put(SslBundle.class.getName(), bundle);
        }
        result.values().removeIf(value -> value == null);
        return result;
    }
}
