package io.tally.config.client;

import io.tally.config.problem.Problems;
import io.tally.config.property.ClusterProperties;
import io.tally.kafka.client.GroupProtocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.JaasContext;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the client settings go together, by two kinds of rules: the clients' own, which would otherwise apply
 * only when a lane starts, and rules that keep take-overs short.
 */
final class ClientConsistency {
    private final Map<String, Object> consumer;
    private final Map<String, Object> producer;
    private final Names names;

    ClientConsistency(Map<String, Object> consumer, Map<String, Object> producer, Names names) {
        this.consumer = consumer;
        this.producer = producer;
        this.names = names;
    }

    void check(Problems problems) {
        AbstractConfig consumerConfig = parse(
                names.consumer(), problems, () -> new ConsumerConfig(with(consumer, ConsumerConfig.GROUP_ID_CONFIG)));
        if (consumerConfig != null) {
            checkLogin(consumerConfig, problems);
            checkConsumer(consumerConfig, problems);
        }
        AbstractConfig producerConfig = parse(
                names.producer(),
                problems,
                () -> new ProducerConfig(with(producer, ProducerConfig.TRANSACTIONAL_ID_CONFIG)));
        if (producerConfig != null) {
            checkDelivery(producerConfig, problems);
            checkTransaction(producerConfig, problems);
        }
    }

    private void checkConsumer(AbstractConfig config, Problems problems) {
        int session = config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        int heartbeat = config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
        boolean classic = GroupProtocol.of(config.originals()) == GroupProtocol.CLASSIC;
        if (classic && heartbeat >= session) {
            problems.add(
                    names.heartbeat(),
                    heartbeat + "ms",
                    "must be below session.timeout.ms (" + session + "); a third of it is usual",
                    session / 3 + "ms");
        }
    }

    private void checkDelivery(AbstractConfig config, Problems problems) {
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

    private void checkTransaction(AbstractConfig config, Problems problems) {
        int transaction = config.getInt(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        for (String timeout : List.of(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ProducerConfig.MAX_BLOCK_MS_CONFIG)) {
            long value = Long.parseLong(String.valueOf(config.values().get(timeout)));
            if (value > transaction) {
                problems.add(
                        name(timeout),
                        value,
                        "must not exceed transaction.timeout.ms (" + transaction
                                + "): by then the broker has aborted the transaction that is waited for",
                        String.valueOf(transaction / 2));
            }
        }
    }

    /** The client's own message would quote parts of the text, and so perhaps of a password. */
    private void checkLogin(AbstractConfig config, Problems problems) {
        if (config.getPassword(SaslConfigs.SASL_JAAS_CONFIG) == null) {
            return;
        }
        try {
            JaasContext.loadClientContext(config.values());
        } catch (RuntimeException e) {
            problems.add(
                    names.login(),
                    null,
                    "is not a login that Kafka's client understands: the class of a login module, required, and options in"
                            + " double quotes, with a semicolon at the end",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"...\" password=\"...\";");
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

    private String name(String config) {
        return names.producer() + "[" + config + "]";
    }

    /**
     * Where a user sets what is wrong.
     *
     * @param consumer the group of the consumer's settings
     * @param producer the group of the producer's settings
     * @param heartbeat the interval of heartbeats
     * @param login the login of SASL
     */
    record Names(String consumer, String producer, String heartbeat, String login) {
        /**
         * The groups of {@code spring.kafka}; or those of the pipeline, for a client of which it sets something.
         *
         * @param group the pipeline's group
         */
        static Names of(String group, ClusterProperties own) {
            boolean ofConsumer = !own.consumer().isEmpty() || !own.properties().isEmpty();
            boolean ofProducer = !own.producer().isEmpty() || !own.properties().isEmpty();
            return new Names(
                    ofConsumer ? group + ".consumer" : "spring.kafka.consumer.properties",
                    ofProducer ? group + ".producer" : "spring.kafka.producer.properties",
                    ofConsumer
                            ? group + ".consumer[" + ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG + "]"
                            : "spring.kafka.consumer.heartbeat-interval",
                    (ofConsumer ? group + ".properties" : "spring.kafka.properties") + "["
                            + SaslConfigs.SASL_JAAS_CONFIG + "]");
        }
    }
}
