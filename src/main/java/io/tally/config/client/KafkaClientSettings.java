package io.tally.config.client;

import io.tally.config.problem.Problems;
import io.tally.config.property.ClusterProperties;
import io.tally.config.property.PropertyNames;
import io.tally.kafka.client.ClientSettings;
import io.tally.setting.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/**
 * The settings of one pipeline's clients, in layers. From the lowest: the client's own defaults, Tally's
 * ({@link ClientDefaults}), {@code spring.kafka.*} with the connection details, and the pipeline's own. Above all are
 * those that exactly-once forces ({@link ForcedSettings}).
 *
 * @param clients settings of the clients, without the identities of a lane (group id, group instance id, transactional
 *     id, client id)
 * @param startAtEnd whether a pipeline without committed offset begins at the end of its source, from
 *     {@code auto-offset-reset}; the default is the beginning
 */
public record KafkaClientSettings(ClientSettings clients, boolean startAtEnd) {
    /**
     * Puts the layers together.
     *
     * @param pipeline name of the pipeline
     * @param own what the pipeline sets
     * @param bundles the application's SSL bundles
     * @param problems collects what does not go together; if there is anything, the result must not be used
     */
    static KafkaClientSettings of(
            String pipeline,
            SharedSettings shared,
            ClusterProperties own,
            @Nullable SslBundles bundles,
            Problems problems) {
        String group = PropertyNames.pipelineGroup(pipeline) + ".kafka";
        Map<String, Object> connection = connection(own, bundles, problems.under(group));
        Map<String, Object> consumer = ClientDefaults.beneath(
                ClientDefaults.CONSUMER, layers(shared.consumer(), own, connection, own.consumer()));
        Map<String, Object> producer = ClientDefaults.beneath(
                ClientDefaults.PRODUCER, layers(shared.producer(), own, connection, own.producer()));
        Map<String, Object> admin =
                ClientDefaults.beneath(ClientDefaults.ADMIN, layers(shared.admin(), own, connection, Map.of()));
        boolean startAtEnd = "latest"
                .equalsIgnoreCase(String.valueOf(consumer.get(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG))
                        .trim());
        consumer.putAll(ForcedSettings.CONSUMER);
        producer.putAll(ForcedSettings.PRODUCER);
        if (problems.isEmpty()) {
            new ClientConsistency(consumer, producer, ClientConsistency.Names.of(group, own)).check(problems);
        }
        return new KafkaClientSettings(
                new ClientSettings(
                        consumer,
                        producer,
                        admin,
                        name(pipeline, own.isNamed(), Setting.BOOTSTRAP_SERVERS, Setting.KAFKA_BOOTSTRAP_SERVERS),
                        name(
                                pipeline,
                                own.isNamed() || own.security().protocol() != null,
                                Setting.SECURITY_PROTOCOL,
                                Setting.KAFKA_SECURITY_PROTOCOL)),
                startAtEnd);
    }

    private static String name(String pipeline, boolean own, Setting shared, Setting ofPipeline) {
        return own ? ofPipeline.of(pipeline) : shared.toString();
    }

    private static List<Map<String, Object>> layers(
            Map<String, Object> shared,
            ClusterProperties own,
            Map<String, Object> connection,
            Map<String, String> client) {
        return List.of(
                own.isNamed() ? SharedSettings.withoutCluster(shared) : shared,
                connection,
                Map.copyOf(own.properties()),
                Map.copyOf(client));
    }

    /** The pipeline's own address, protocol and certificates. */
    private static Map<String, Object> connection(
            ClusterProperties own, @Nullable SslBundles bundles, Problems problems) {
        Map<String, Object> connection = new HashMap<>();
        if (own.isNamed()) {
            connection.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, own.bootstrapServers());
        }
        String protocol = own.security().protocol();
        if (protocol != null) {
            connection.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        }
        String bundle = own.ssl().bundle();
        if (bundle != null) {
            if (bundles == null || !bundles.getBundleNames().contains(bundle)) {
                problems.add("ssl.bundle", bundle, "is no bundle of spring.ssl.bundle", null);
            } else {
                SharedSettings.putBundle(connection, () -> bundles.getBundle(bundle));
            }
        }
        return connection;
    }
}
