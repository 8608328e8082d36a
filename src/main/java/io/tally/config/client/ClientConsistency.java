package io.tally.config.client;

import io.tally.config.problem.Problems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the client settings go together, by two kinds of rules: the clients' own, which would otherwise apply
 * only when a lane starts, and rules that keep take-overs short.
 */
final class ClientConsistency {
    private static final String CONSUMER = "spring.kafka.consumer.properties";
    private static final String PRODUCER = "spring.kafka.producer.properties";

    private final Map<String, Object> consumer;
    private final Map<String, Object> producer;

    ClientConsistency(Map<String, Object> consumer, Map<String, Object> producer) {
        this.consumer = consumer;
        this.producer = producer;
    }

    void check(Problems problems) {
        AbstractConfig consumerConfig =
                parse(CONSUMER, problems, () -> new ConsumerConfig(with(consumer, ConsumerConfig.GROUP_ID_CONFIG)));
        if (consumerConfig != null) {
            checkConsumer(consumerConfig, problems);
        }
        AbstractConfig producerConfig = parse(
                PRODUCER, problems, () -> new ProducerConfig(with(producer, ProducerConfig.TRANSACTIONAL_ID_CONFIG)));
        if (producerConfig != null) {
            checkDelivery(producerConfig, problems);
            checkTransaction(producerConfig, problems);
        }
    }

    private static void checkConsumer(AbstractConfig config, Problems problems) {
        int session = config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        int heartbeat = config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
        boolean classic = "classic".equalsIgnoreCase(config.getString(ConsumerConfig.GROUP_PROTOCOL_CONFIG));
        if (classic && heartbeat >= session) {
            problems.add(
                    "spring.kafka.consumer.heartbeat-interval",
                    heartbeat + "ms",
                    "must be below session.timeout.ms (" + session + "); a third of it is usual",
                    session / 3 + "ms");
        }
    }

    private static void checkDelivery(AbstractConfig config, Problems problems) {
        int delivery = config.getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        long linger = config.getLong(ProducerConfig.LINGER_MS_CONFIG);
        int request = config.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        if (delivery < linger + request) {
            problems.add(
                    name(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG),
                    delivery,
                    "must be at least linger.ms (" + linger + ") plus request.timeout.ms (" + request + ")",
                    String.valueOf(linger + request));
        }
    }

    /** Kafka's own defaults break this rule. The only harm is a late error, so defaults are not reported. */
    private void checkTransaction(AbstractConfig config, Problems problems) {
        int transaction = config.getInt(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        for (String timeout : List.of(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ProducerConfig.MAX_BLOCK_MS_CONFIG)) {
            boolean chosen =
                    producer.containsKey(timeout) || producer.containsKey(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
            long value = Long.parseLong(String.valueOf(config.values().get(timeout)));
            if (chosen && value > transaction) {
                problems.add(
                        name(timeout),
                        value,
                        "must not exceed transaction.timeout.ms (" + transaction
                                + "): by then the broker has aborted the transaction that is waited for",
                        String.valueOf(transaction / 2));
            }
        }
    }

    private static <T> @Nullable T parse(String group, Problems problems, Supplier<T> config) {
        try {
            return config.get();
        } catch (ConfigException e) {
            problems.add(group, null, "the client refuses them: " + e.getMessage(), null);
            return null;
        }
    }

    /** The settings with an identity, as a lane adds it, since some rules need one. */
    private static Map<String, Object> with(Map<String, Object> settings, String identity) {
        Map<String, Object> complete = new HashMap<>(settings);
        complete.put(identity, "check");
        return complete;
    }

    private static String name(String config) {
        return PRODUCER + "[" + config + "]";
    }
}
