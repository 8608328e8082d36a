package io.tally.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class CausesTest {
    /** As the admin client says it of a broker that takes its connection, and says no more. */
    @Test
    void knowSilenceWhateverTheClientWaitedFor() {
        TimeoutException alone = new TimeoutException("Timed out waiting for a node assignment. Call: listNodes");
        DisconnectException givenUp = new DisconnectException(
                "Cancelled listNodes request with correlation id 7 due to node 1 being disconnected");
        assertThat(Causes.isSilence(alone)).isTrue();
        assertThat(Causes.isSilence(new TimeoutException("timed out after 2 attempts", givenUp)))
                .isTrue();
        assertThat(Causes.isSilence(new KafkaException("no", new IllegalStateException())))
                .isFalse();
        assertThat(Causes.isSilence(
                        new TimeoutException("not in metadata", new UnknownTopicOrPartitionException("no such topic"))))
                .isFalse();
    }
}
