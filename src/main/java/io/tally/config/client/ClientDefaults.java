package io.tally.config.client;

import io.tally.kafka.client.GroupProtocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * What Tally sets in place of the clients' own defaults, beneath everything that a user sets. The defaults are here and
 * not in the packaged application.yml, so that they hold without that file, too. The file shows each of them with its
 * reason, and a test compares the two.
 */
final class ClientDefaults {
    private static final Map<String, Object> ALL = Map.of(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);

    static final Map<String, Object> CONSUMER = with(Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            2_000,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            1_000,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            4_194_304,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            10_000,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            "classic",
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            CooperativeStickyAssignor.class.getName()));

    static final Map<String, Object> PRODUCER = with(Map.of(
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.BATCH_SIZE_CONFIG,
            131_072,
            ProducerConfig.LINGER_MS_CONFIG,
            10,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            10_000,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            5_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            9_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            3_000,
            ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
            5,
            ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
            1_000));

    static final Map<String, Object> ADMIN = with(Map.of(
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            3_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            5_000));

    private static final Set<String> CLASSIC_ONLY = Set.of(
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);

    private ClientDefaults() {}

    /**
     * The settings of a client: the defaults, and above them the layers; the last layer wins.
     *
     * @param defaults one of the maps above
     */
    static Map<String, Object> beneath(Map<String, Object> defaults, List<Map<String, Object>> layers) {
        Map<String, Object> chosen = new HashMap<>();
        layers.forEach(chosen::putAll);
        Map<String, Object> settings = new HashMap<>(defaults);
        if (GroupProtocol.of(chosen) == GroupProtocol.CONSUMER) {
            // A client of the other protocol refuses to start with them.
            settings.keySet().removeAll(CLASSIC_ONLY);
        }
        settings.putAll(chosen);
        return settings;
    }

    private static Map<String, Object> with(Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(ALL);
        all.putAll(own);
        return Map.copyOf(all);
    }
}
