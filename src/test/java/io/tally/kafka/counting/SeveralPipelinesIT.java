package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.Topics;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import io.tally.testkafka.ThrowingDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever happens to one pipeline of an application, the others go on. */
class SeveralPipelinesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final TestBed bed = new TestBed(2);

    @Test
    void oneGoesOnWhileOthersWaitFailOrAreRefused() {
        Instance instance = bed.instance(List.of(
                bed.pipeline.build(bed.groupId(), "a", bed.topics()),
                new LinesPipeline().build(bed.groupId() + "-waits", "a", topics("waits", "nowhere")),
                failing(),
                refused()));
        instance.start().awaitActive(2);

        Input input = bed.input();
        input.random(1_000, 20_000);
        input.closeWindows();

        bed.assertExact();
        assertThat(instance.status().problem()).isNull();
        PipelineStatus waiting = instance.statuses().get(1);
        assertThat(waiting.phase()).isEqualTo(PipelineStatus.Phase.WAITING);
        assertThat(waiting.problem()).contains("nowhere", "does not exist");
        await("the failing one's problem")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lane(instance, 2).problem()).contains("a bug"));
        assertThat(lane(instance, 2).commits()).as("births only").isLessThanOrEqualTo(2);
        assertThat(lane(instance, 3).partitions())
                .allSatisfy(partition -> assertThat(partition.refusal()).isNotNull());
        assertThat(instance.lane(0).aborts()).isZero();
    }

    /** Its decoder throws at every record. */
    private KafkaPipeline failing() {
        AtomicInteger endless = new AtomicInteger(Integer.MIN_VALUE);
        return new LinesPipeline()
                .decoder(real -> new ThrowingDecoder(real, endless))
                .build(
                        bed.groupId() + "-fails",
                        "a",
                        topics("fails", bed.topics().sink()));
    }

    /** Another pipeline has written the state topic that it is given. */
    private KafkaPipeline refused() {
        Topics first = topics("refused", bed.topics().sink());
        Instance owner = bed.instance(new LinesPipeline().build(bed.groupId() + "-owner", "a", first));
        owner.start().awaitActive(2);
        await("births").atMost(PATIENCE).until(() -> owner.lane(0).commits() > 0);
        owner.stop();
        return new LinesPipeline().build(bed.groupId() + "-refused", "a", first);
    }

    private Topics topics(String name, String sink) {
        Topics topics = bed.topics();
        return new Topics(
                topics.source(),
                sink,
                topics.late() + "-" + name,
                topics.deadLetter() + "-" + name,
                topics.state() + "-" + name);
    }

    private static LaneStatus lane(Instance instance, int pipeline) {
        return instance.statuses().get(pipeline).lanes().get(0);
    }
}
