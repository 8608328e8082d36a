package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many records and polls share a transaction. */
class BatchIT {
    private static final int PARTITIONS = 4;
    private static final int POLL = 40;

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    @Test
    void takesInFullPollsUpToItsLimit() {
        bed.pipeline.maxRecordsPerTransaction(220);
        Input input = bed.input();
        input.random(4_000, 30_000);
        Instance instance = bed.instance("a");
        AtomicInteger largestPoll = new AtomicInteger();
        instance.faults().onConsumer("poll", call -> {
            ConsumerRecords<?, ?> records = (ConsumerRecords<?, ?>) call.proceed();
            largestPoll.accumulateAndGet(records.count(), Math::max);
            return records;
        });
        instance.start();
        input.closeWindows();
        bed.assertExact();
        assertThat(largestPoll).hasValue(POLL);
        // Whole polls only.
        assertThat(instance.events().largestTransaction).hasValue(200);
    }

    /** Else a transaction would be larger than its limit. */
    @Test
    void limitOfATransactionIsOneOfPollsToo() {
        bed.pipeline.maxRecordsPerTransaction(7);
        Input input = bed.input();
        input.random(500, 30_000);
        Instance instance = bed.instance("a").start();
        input.closeWindows();
        bed.assertExact();
        assertThat(instance.events().largestTransaction).hasValue(7);
    }

    /** One after the other, each once the one before has been polled. */
    @Test
    void recordsWithoutRowsShareATransaction() {
        bed.pipeline.commitInterval(Duration.ofMillis(500));
        Input input = bed.input();
        Instance instance = bed.instance("a");
        AtomicInteger polled = new AtomicInteger();
        // Before it starts: a poll that is running already would bring the first record uncounted.
        instance.faults().onConsumer("poll", call -> {
            ConsumerRecords<?, ?> records = (ConsumerRecords<?, ?>) call.proceed();
            polled.addAndGet(records.count());
            return records;
        });
        instance.start().awaitActive(PARTITIONS);
        for (int i = 1; i <= 4; i++) {
            int sent = i;
            input.send(0, i, input.time());
            input.flush();
            await().pollInterval(Duration.ofMillis(1)).until(() -> polled.get() == sent);
        }
        bed.awaitProcessed();
        assertThat(instance.events().largestTransaction.get()).isGreaterThan(1);
        input.closeWindows();
        bed.assertExact();
    }
}
