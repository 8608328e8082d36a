package io.tally.config.client;

import io.tally.config.property.PropertyNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * The client settings on which exactly-once rests, and the users' values that agree with them. A user who sets another
 * value expects something that Tally does not do. So it is refused, not silently overruled.
 */
final class ForcedSettings {
    static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            // A lost offset must stop the partition; where a new pipeline begins is decided by Tally.
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ByteBufferDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ByteBufferDeserializer.class);

    static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class);

    private static final String BYTES =
            "must be left out: Tally reads and writes bytes; source.format and sink.format of a pipeline give them meaning";
    private static final String TRANSACTIONS = "would let a transaction lose, double or reorder records";
    private static final String INSTANCE =
            "must be left out: it is made of tally.instance-id, so that a successor takes over at once";
    private static final String NONE = "(?!)";

    static final List<Rule> RULES = List.of(
            consumer("isolation-level", "read[_-]committed", "would count records of aborted transactions"),
            consumer(
                    "enable-auto-commit",
                    "false",
                    "would commit offsets outside the transaction that has their results"),
            consumer(
                    "auto-offset-reset",
                    "earliest|latest",
                    "says where a pipeline without committed offset begins, which is earliest or latest"),
            consumer("allow-auto-create-topics", "false", "would answer a typo with an empty topic"),
            consumer("key-deserializer", exactly(ByteBufferDeserializer.class), BYTES),
            consumer("value-deserializer", exactly(ByteBufferDeserializer.class), BYTES),
            consumer("group-id", NONE, "must be left out: each pipeline has its own, tally.pipelines.<name>.group-id"),
            consumer("group-instance-id", NONE, INSTANCE),
            producer("acks", "all|-1", TRANSACTIONS),
            producer("enable-idempotence", "true", TRANSACTIONS),
            producer("retries", "0*[1-9][0-9]*", TRANSACTIONS + "; leave it out"),
            producer("max-in-flight-requests-per-connection", "[1-5]", TRANSACTIONS + "; 1 to 5 are possible"),
            producer("transaction-two-phase-commit-enable", "false", "would keep a dead instance's transaction open"),
            producer("transaction-id-prefix", NONE, INSTANCE),
            producer("transactional-id", NONE, INSTANCE),
            producer("key-serializer", exactly(ByteArraySerializer.class), BYTES),
            producer("value-serializer", exactly(ByteArraySerializer.class), BYTES));

    /**
     * Which values of a setting are accepted.
     *
     * @param client consumer or producer
     * @param property the setting in Spring Boot's spelling
     * @param accepted matches the accepted values, whatever their case
     * @param reason why no others are
     */
    record Rule(String client, String property, Pattern accepted, String reason) {
        /** All the names that the setting can have for all pipelines. */
        List<String> names() {
            List<String> names = new ArrayList<>(List.of("spring.kafka." + client + "." + property));
            addTo(names, "spring.kafka." + client + ".properties");
            addTo(names, "spring.kafka.properties");
            return names;
        }

        /** All the names that it can have for one pipeline. */
        List<String> names(String pipeline) {
            String group = PropertyNames.pipelineGroup(pipeline) + ".kafka.";
            List<String> names = new ArrayList<>();
            addTo(names, group + client);
            addTo(names, group + "properties");
            return names;
        }

        /** In YAML a key with dots can be in brackets or nested, which gives different names. */
        private void addTo(List<String> names, String map) {
            String config = property.replace('-', '.');
            names.add(map + "." + config);
            if (config.contains(".")) {
                names.add(map + "[" + config + "]");
            }
        }

        boolean accepts(String value) {
            return accepted.matcher(value.trim()).matches();
        }
    }

    private ForcedSettings() {}

    private static Rule consumer(String property, String accepted, String reason) {
        return rule("consumer", property, accepted, reason);
    }

    private static Rule producer(String property, String accepted, String reason) {
        return rule("producer", property, accepted, reason);
    }

    private static Rule rule(String client, String property, String accepted, String reason) {
        return new Rule(client, property, Pattern.compile(accepted, Pattern.CASE_INSENSITIVE), reason);
    }

    private static String exactly(Class<?> type) {
        return Pattern.quote(type.getName());
    }
}
