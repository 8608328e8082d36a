package io.tally.kafka.client;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

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
    /** The clients' own defaults, where nothing is set. */
    private static final long REQUEST_BYTES = 1_048_576;

    private static final long TRANSACTION_MILLIS = 60_000;

    public ClientSettings {
        consumer = Map.copyOf(consumer);
        producer = Map.copyOf(producer);
        admin = Map.copyOf(admin);
    }

    /** The largest request, and so the largest record, that the producer sends, in bytes. */
    public long requestBytes() {
        return number(producer, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
    }

    /** After which the broker ends a transaction, in milliseconds. */
    public long transactionMillis() {
        return number(producer, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    }

    private static long number(Map<String, Object> settings, String name, long otherwise) {
        Object value = settings.get(name);
        return value == null ? otherwise : Long.parseLong(value.toString().trim());
    }
}
