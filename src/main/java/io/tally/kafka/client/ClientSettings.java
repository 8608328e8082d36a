package io.tally.kafka.client;

import java.util.Map;

/**
 * The client settings that every pipeline shares, complete with what exactly-once forces; per-lane identities are added
 * here in the package.
 */
public record ClientSettings(Map<String, Object> consumer, Map<String, Object> producer, Map<String, Object> admin) {
    public ClientSettings {
        consumer = Map.copyOf(consumer);
        producer = Map.copyOf(producer);
        admin = Map.copyOf(admin);
    }
}
