package io.tally.kafka.client;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** How a consumer and the broker agree on who reads which partitions. */
public enum GroupProtocol {
    CLASSIC,
    /** KIP-848. */
    CONSUMER;

    /** That of a consumer with these settings. */
    public static GroupProtocol of(Map<String, Object> settings) {
        return CONSUMER.toString().equalsIgnoreCase(String.valueOf(settings.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))
                ? CONSUMER
                : CLASSIC;
    }

    /**
     * Whether a consumer takes no part in its group any more after its poll has thrown this, and never will again.
     * Under {@link #CLASSIC} it joins anew by itself. Under {@link #CONSUMER} its membership ends with each answer to a
     * heartbeat that Kafka holds for final, such as a permission that is missing for a moment. The poll tells it once;
     * from then on it finds nothing, and looks like one that waits for records.
     */
    public boolean endsMembership(RuntimeException thrown) {
        return this == CONSUMER
                && thrown instanceof ApiException
                && !(thrown instanceof RetriableException)
                && !(thrown instanceof InvalidOffsetException)
                // The member stays, and is heard again once it may read the topic.
                && !(thrown instanceof TopicAuthorizationException);
    }

    /** As in the clients' settings. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
