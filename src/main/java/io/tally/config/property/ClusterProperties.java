package io.tally.config.property;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One pipeline's settings of Kafka's clients, above those of {@code spring.kafka}. Settings have the client's own
 * names, such as max.poll.records.
 *
 * @param bootstrapServers Addresses, host:port, of the cluster that has the pipeline's topics, source and sink alike: a
 *     transaction cannot span two clusters. With it no security setting of spring.kafka applies to the pipeline, so
 *     that no password is sent to another cluster. Default: spring.kafka.bootstrap-servers.
 * @param security How its cluster is reached.
 * @param ssl Its certificates.
 * @param properties Settings of all of the pipeline's clients, such as sasl.mechanism. Default: none.
 * @param consumer Settings of its consumers, above those of properties. Default: none.
 * @param producer Settings of its producers, above those of properties. Default: none.
 */
public record ClusterProperties(
        @DefaultValue List<String> bootstrapServers,
        @DefaultValue Security security,
        @DefaultValue Ssl ssl,
        @DefaultValue Map<String, String> properties,
        @DefaultValue Map<String, String> consumer,
        @DefaultValue Map<String, String> producer) {
    public ClusterProperties {
        bootstrapServers = List.copyOf(bootstrapServers);
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        consumer = Collections.unmodifiableMap(new LinkedHashMap<>(consumer));
        producer = Collections.unmodifiableMap(new LinkedHashMap<>(producer));
    }

    /** Whether the pipeline's cluster is named here, rather than under {@code spring.kafka}. */
    public boolean isNamed() {
        return !bootstrapServers.isEmpty();
    }

    /**
     * How a cluster is reached.
     *
     * @param protocol PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. Default: that of spring.kafka, or PLAINTEXT if there
     *     are bootstrap-servers here.
     */
    public record Security(@Nullable String protocol) {
        public Security {
            protocol = Texts.blankToNull(protocol);
        }
    }

    /**
     * Certificates.
     *
     * @param bundle Name of an SSL bundle (spring.ssl.bundle) with the certificates. Default: that of spring.kafka, or
     *     none if there are bootstrap-servers here.
     */
    public record Ssl(@Nullable String bundle) {
        public Ssl {
            bundle = Texts.blankToNull(bundle);
        }
    }
}
