package io.tally.observe;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the endpoint {@code tally} shows beside states and numbers.
 *
 * @param showKeys whether it answers what is counted of a key: to nobody, to users with one of the roles, or to
 *     everybody. Keys and values are data
 * @param roles roles of users who may see it; all who are logged in if empty
 * @param peerAddress how another instance is reached, with {host} and {instance} in place of what the consumer group
 *     knows of it; for example http://{host}:8080. None: only host and instance are told
 */
@ConfigurationProperties("management.endpoint.tally")
record TallyEndpointProperties(
        @DefaultValue("never") Show showKeys,
        @DefaultValue Set<String> roles,
        @Nullable String peerAddress) {}
