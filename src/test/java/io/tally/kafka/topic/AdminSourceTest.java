package io.tally.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.kafka.client.Futures;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;

/** With real clients, of a broker that nobody needs. */
class AdminSourceTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

    @Test
    void replacesAClientThatGetsNoAnswerForAWhile() {
        try (AdminSource source = source()) {
            Admin first = source.get();
            source.failed();
            assertThat(source.get()).isSameAs(first);
            pass(AdminSource.GIVE_UP.minusNanos(1));
            source.failed();
            assertThat(source.get()).isSameAs(first);

            pass(Duration.ofNanos(1));
            source.failed();
            Admin second = source.get();
            assertThat(second).isNotSameAs(first);
            assertThatThrownBy(
                            () -> Futures.get(first.describeTopics(Set.of("t")).allTopicNames()))
                    .as("the first is closed")
                    .hasRootCauseInstanceOf(IllegalStateException.class);
            source.failed();
            assertThat(source.get()).as("the new one has its time too").isSameAs(second);
        }
    }

    @Test
    void tellsWhetherTheBrokerAnsweredLast() {
        try (AdminSource source = source()) {
            assertThat(source.isAnswering()).as("not asked yet").isFalse();
            source.answered();
            assertThat(source.isAnswering()).isTrue();
            source.failed();
            assertThat(source.isAnswering()).isFalse();
        }
    }

    @Test
    void keepsOneThatWasAnsweredMeanwhile() {
        try (AdminSource source = source()) {
            Admin first = source.get();
            pass(AdminSource.GIVE_UP);
            source.answered();
            source.failed();
            assertThat(source.get()).isSameAs(first);
        }
    }

    @Test
    void makesNoneOnceItIsClosed() {
        AdminSource source = source();
        source.get();
        source.close();
        source.close();
        assertThatIllegalStateException().isThrownBy(source::get);
    }

    private AdminSource source() {
        return new AdminSource(
                () -> Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1")), nanos::get);
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
