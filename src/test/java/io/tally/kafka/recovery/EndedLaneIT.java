package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.kafka.member.LaneHealth;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A lane that is fenced again and again. If a process that works with its transactional id fences it, the lane gives
 * up, and nobody commits what it then held in memory. If anybody else fences it, it goes on.
 */
class EndedLaneIT {
    @RegisterExtension
    final TestBed bed = new TestBed(1);

    /** What a twin has done with the transactional id when the lane looks. */
    private enum Twin {
        /** It restores what the lane has lost. */
        INITIALISED,
        OPEN,
        COMMITTED
    }

    @ParameterizedTest
    @EnumSource(Twin.class)
    void commitsNothingOfWhatFailed(Twin twin) {
        // Entries are due at once, so that the tick has something to commit whenever it may.
        bed.pipeline.checkpointAfter(Duration.ofMillis(1));
        Instance fenced = bed.started("a");
        Input input = bed.input();
        input.random(500, 10_000);
        bed.awaitProcessed();

        String scratch = bed.groupId() + "-scratch";
        bed.create(new NewTopic(scratch, 1, (short) 1));
        AtomicInteger taken = new AtomicInteger();
        fenced.faults().onProducer("commitTransaction", call -> {
            taken.incrementAndGet();
            workAsTwin(fenced.lane(0).transactionalId(), scratch, twin);
            return call.proceed();
        });
        input.random(1_000, 20_000);
        await("the end of the lane")
                .atMost(Duration.ofSeconds(30))
                .until(() -> fenced.lane(0).ended());
        assertThat(fenced.lane(0).problem()).contains("another process runs with the same instance id 'a'");
        assertThat(taken).hasValueGreaterThanOrEqualTo(LaneHealth.FENCINGS);
        await("the end of its thread").until(() -> !fenced.lane(0).running());

        bed.instance("b").start().awaitActive(1);
        input.closeWindows();
        bed.assertExact();
    }

    /** By an administrator, or by lanes of other instances that take it for dead: to the broker that is the same. */
    @Test
    void goesOnWhenOthersFenceIt() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(500, 10_000);
        bed.awaitProcessed();

        int more = LaneHealth.FENCINGS + 1;
        AtomicInteger met = instance.faults().nextProducerCalls(more, "commitTransaction", call -> {
            Answers.get(bed.admin()
                    .fenceProducers(List.of(instance.lane(0).transactionalId()))
                    .all());
            return call.proceed();
        });
        input.random(1_000, 20_000);
        input.closeWindows();
        bed.assertExact();
        assertThat(met).hasValue(more);
        assertThat(instance.lane(0).ended()).isFalse();
        assertThat(instance.events().aborts)
                .filteredOn(LaneHealth::isFencing)
                .hasSizeGreaterThanOrEqualTo(LaneHealth.FENCINGS);
    }

    private void workAsTwin(String transactionalId, String topic, Twin done) {
        Map<String, Object> settings = new HashMap<>(bed.settings().producer());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        try (KafkaProducer<byte[], byte[]> twin =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            twin.initTransactions();
            if (done == Twin.INITIALISED) {
                return;
            }
            twin.beginTransaction();
            twin.send(new ProducerRecord<>(topic, new byte[1]));
            twin.flush();
            if (done == Twin.COMMITTED) {
                twin.commitTransaction();
            } else {
                twin.close(Duration.ZERO);
            }
        }
    }
}
