package io.tally.kafka.client;

import static io.tally.kafka.client.GroupProtocol.CLASSIC;
import static io.tally.kafka.client.GroupProtocol.CONSUMER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.junit.jupiter.api.Test;

class GroupProtocolTest {
    private static final List<RuntimeException> FINAL = List.of(
            new GroupIdNotFoundException("Consumer group g not found."),
            GroupAuthorizationException.forGroupId("g"),
            new GroupMaxSizeReachedException("full"),
            new SaslAuthenticationException("wrong password"),
            new UnknownServerException("?"));
    private static final List<RuntimeException> PASSING = List.of(
            new TimeoutException("no answer"),
            new CoordinatorLoadInProgressException("loading"),
            new TopicAuthorizationException(Set.of("t")),
            new OffsetOutOfRangeException(Map.of(new TopicPartition("t", 0), 7L)),
            new KafkaException("something else"),
            new IllegalStateException("something else"));

    @Test
    void isThatOfTheSettings() {
        assertThat(GroupProtocol.of(Map.of())).isEqualTo(CLASSIC);
        assertThat(GroupProtocol.of(Map.of("group.protocol", "classic"))).isEqualTo(CLASSIC);
        assertThat(GroupProtocol.of(Map.of("group.protocol", "CONSUMER"))).isEqualTo(CONSUMER);
        assertThat(CONSUMER).hasToString("consumer");
    }

    @Test
    void endsAMembershipForGoodOnlyUnderTheNewerOne() {
        assertThat(FINAL).allMatch(CONSUMER::endsMembership).noneMatch(CLASSIC::endsMembership);
        assertThat(PASSING).noneMatch(CONSUMER::endsMembership).noneMatch(CLASSIC::endsMembership);
    }
}
