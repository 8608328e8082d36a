package io.tally.kafka.client;

import java.util.Map;

/**
 * The client settings of a pipeline, with those that exactly-once forces. The package {@code kafka} adds the identity
 * of each lane.
 *
 * @param addressProperty where a user sets the brokers' addresses
 * @param protocolProperty where a user sets the security protocol
 */
public record ClientSettings(
        Map<String, Object> consumer,
        Map<String, Object> producer,
        Map<String, Object> admin,
        String addressProperty,
        String protocolProperty) {
    public ClientSettings {
        consumer = Map.copyOf(consumer);
        producer = Map.copyOf(producer);
        admin = Map.copyOf(admin);
    }
}
