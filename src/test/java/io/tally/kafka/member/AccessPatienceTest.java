package io.tally.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.kafka.client.Causes;
import io.tally.pipeline.status.Refusal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class AccessPatienceTest {
    private static final RuntimeException FORBIDDEN =
            new KafkaException("not sent", new TopicAuthorizationException(Set.of("sink")));
    private static final RuntimeException GONE =
            new TimeoutException("not in metadata", new UnknownTopicOrPartitionException("no such topic"));

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final AccessPatience patience = new AccessPatience(Duration.ofMinutes(5), nanos::get, Causes::describe);

    @Test
    void isOverOnceSomethingWasMissingForTheWholeTime() {
        assertThat(patience.isOver(FORBIDDEN)).isFalse();
        pass(Duration.ofMinutes(5).minusNanos(1));
        assertThat(patience.isOver(GONE)).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(patience.isOver(FORBIDDEN)).isTrue();
    }

    @Test
    void beginsAnewWhenItWasGranted() {
        patience.isOver(FORBIDDEN);
        pass(Duration.ofMinutes(4));
        patience.granted();
        pass(Duration.ofMinutes(4));
        assertThat(patience.isOver(FORBIDDEN)).isFalse();
    }

    /** All brokers were away in between, and one that has just come back does not know the topic yet. */
    @Test
    void beginsAnewAfterAFailureOfAnotherKind() {
        patience.isOver(GONE);
        for (int minute = 0; minute < 6; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(patience.isOver(new TimeoutException("no answer"))).isFalse();
        }
        assertThat(patience.isOver(GONE)).isFalse();
        pass(Duration.ofMinutes(5));
        assertThat(patience.isOver(GONE)).isTrue();
    }

    /** The partition that lacked something has left the lane, and another one lacks something on another day. */
    @Test
    void beginsAnewWhenNobodyHasTriedMeanwhile() {
        patience.isOver(FORBIDDEN);
        pass(Duration.ofHours(20));
        assertThat(patience.isOver(FORBIDDEN)).isFalse();
        pass(Duration.ofMinutes(5));
        assertThat(patience.isOver(FORBIDDEN)).isTrue();
    }

    @Test
    void isNotAboutWhatPassesByItself() {
        patience.isOver(FORBIDDEN);
        pass(Duration.ofMinutes(6));
        assertThat(patience.isOver(new TimeoutException("no answer"))).isFalse();
    }

    @Test
    void explains() {
        Refusal forbidden = patience.refusal("The outputs cannot be written", FORBIDDEN);
        assertThat(forbidden.problem())
                .startsWith("The outputs cannot be written: TopicAuthorizationException: ")
                .endsWith("(tried again for 300 s, access-timeout).");
        assertThat(forbidden.remedy()).startsWith("allow this principal").contains("then restart");
        assertThat(patience.refusal("x", GONE).remedy()).startsWith("create the topic again");
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
