package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.Refusal;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.Refusals;
import java.time.Duration;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** A sink that does not take the rows. */
class SinkRefusalIT extends Refusals {
    /** Tried a few times, since a transaction of both partitions fails as a whole; then only the one stops. */
    @Test
    void resultTooLargeForTheSink() {
        configure(bed.topics().sink(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "2000");
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.send(1, "p1-k1", input.time() + " p1-k1 5 " + Input.noise(4_000));
        input.send(0, 1, input.time());
        input.flush();
        bed.awaitProcessed();
        input.closeWindows();
        // Neither commits of the other partition nor checkpoints of this one are a success of what cannot be written.
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    input.send(0, 1, input.time());
                    input.flush();
                    return instance.refusal(1).isPresent();
                });
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("The outputs of " + source(1) + " cannot be written to topic "
                        + bed.topics().sink() + ": RecordTooLargeException")
                .contains("(3 tries)");
        assertThat(refusal.remedy())
                .contains("raise max.message.bytes of " + bed.topics().sink())
                .contains("then restart; nothing is lost");
        assertGoesOn(0);
        assertThat(bed.rows()).isNotEmpty().allMatch(row -> row.contains(" p0-"));
        instance.stop();

        configure(bed.topics().sink(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "10000");
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
    }

    /** No refusal: the pipeline says what is missing, and goes on once it is there. */
    @Test
    void sinkDeletedWhileRunning() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        for (int key = 0; key < 10; key++) {
            input.send(key % 2, key, input.time());
        }
        input.flush();
        bed.awaitProcessed();
        delete(bed.topics().sink());
        input.closeWindows();
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> String.valueOf(instance.status().problem()),
                        problem -> problem.contains(
                                "The sink topic " + bed.topics().sink()));
        await().until(() -> !instance.events().aborts.isEmpty());
        assertThat(instance.events().refusals).isEmpty();

        bed.create(new NewTopic(bed.topics().sink(), 2, (short) 1));
        bed.assertExact();
        await().atMost(Duration.ofSeconds(20)).until(() -> instance.status().problem() == null);
    }
}
