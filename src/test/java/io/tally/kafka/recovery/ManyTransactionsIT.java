package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * More transactions under one transactional id than there are epochs of a producer: each takes an epoch (KIP-890), and
 * after 32,767 of them the broker gives another producer id. Nothing must notice.
 */
@Tag("faults")
class ManyTransactionsIT {
    private static final int TRANSACTIONS = 71_000;
    private static final int SHARE = 500;
    private static final Duration PATIENCE = Duration.ofHours(1);

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    @Test
    void producerEpochsRunOver() {
        bed.pipeline.maxRecordsPerTransaction(1);
        bed.consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        Input input = bed.input();
        Instance instance = bed.started("a");
        String id = instance.lane(0).transactionalId();
        TreeSet<Long> producers = new TreeSet<>();
        for (int sent = 0; instance.lane(0).commits() < TRANSACTIONS; sent += SHARE) {
            input.random(SHARE, SHARE);
            long goal = sent + SHARE / 2;
            await("transaction " + goal)
                    .atMost(PATIENCE)
                    .until(() -> instance.lane(0).commits() >= goal);
            producers.add(producer(id));
        }
        input.closeWindows();

        bed.assertExact();
        assertThat(producers).hasSizeGreaterThan(2);
        assertThat(instance.lane(0).aborts()).isZero();
        assertThat(instance.lane(0).problem()).isNull();

        // And its successor goes on from there.
        instance.kill();
        bed.started("a");
        input.random(SHARE, SHARE);
        input.closeWindows();
        bed.assertExact();
    }

    private long producer(String transactionalId) {
        return Answers.get(bed.admin()
                        .describeTransactions(List.of(transactionalId))
                        .description(transactionalId))
                .producerId();
    }
}
