package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Broker;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker forgets a transactional id that was silent for long, by default for a week. */
class ForgottenIdIT {
    /** Longer than the silence after which a lane asks. */
    private static final int EXPIRATION_MILLIS = 11_000;

    private static @Nullable Broker broker;

    @RegisterExtension
    final TestBed bed = new TestBed(1).on(ForgottenIdIT::broker);

    @BeforeAll
    static void startBroker() {
        broker = Broker.forgetting(EXPIRATION_MILLIS);
    }

    @AfterAll
    static void stopBroker() {
        broker().close();
    }

    private static Broker broker() {
        return Objects.requireNonNull(broker);
    }

    @Test
    void theNextTransactionIsAsAnyOther() {
        Input input = bed.input();
        Instance instance = bed.started("a");
        input.random(100, 3_000);
        bed.awaitProcessed();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> isForgotten(instance.lane(0).transactionalId()));

        input.random(100, 3_000);
        input.closeWindows();
        bed.awaitProcessed();
        bed.assertExact();
        assertThat(instance.events().aborts).isEmpty();
        assertThat(instance.events().restores).hasSize(1);
    }

    private boolean isForgotten(String transactionalId) throws InterruptedException {
        KafkaFuture<TransactionState> state = bed.admin()
                .describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .thenApply(description -> description.state());
        try {
            state.get();
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof TransactionalIdNotFoundException;
        }
    }
}
