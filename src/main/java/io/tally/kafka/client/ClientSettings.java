package io.tally.kafka.client;

import java.util.Map;

/**
 * The client settings that all pipelines share, with those that exactly-once forces. The package {@code kafka} adds the
 * identity of each lane.
 */
public record ClientSettings(Map<String, Object> consumer, Map<String, Object> producer, Map<String, Object> admin) {
    public ClientSettings {
        consumer = Map.copyOf(consumer);
        producer = Map.copyOf(producer);
        admin = Map.copyOf(admin);
    }
}
