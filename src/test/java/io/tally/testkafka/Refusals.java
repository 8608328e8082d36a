package io.tally.testkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What must not be guessed is refused, with the numbers and a remedy; and only the partition concerned stops. Mostly
 * partition 1 is the one that is meddled with. Here is what the tests of all causes do.
 */
public abstract class Refusals {
    @RegisterExtension
    public final TestBed bed = new TestBed(2);

    public Instance run(Input input) {
        Instance instance = bed.started("a");
        input.random(300, 12_000);
        bed.awaitProcessed();
        return instance;
    }

    /** With windows open, and their entries in the state topic. */
    public Input runAndStop() {
        Input input = bed.input();
        run(input).stop();
        return input;
    }

    public void setOffset(OffsetAndMetadata offset) {
        Answers.get(bed.admin()
                .alterConsumerGroupOffsets(bed.groupId(), Map.of(bed.source(1), offset))
                .all());
    }

    /** The broker takes a moment to know a new cleanup policy, and until then refuses. */
    public void deleteRecords(TopicPartition partition, long before) {
        await().ignoreExceptionsMatching(e -> e.getCause() instanceof PolicyViolationException)
                .until(() -> {
                    Answers.get(bed.admin()
                            .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                            .all());
                    return true;
                });
    }

    public void delete(String topic) {
        Answers.get(bed.admin().deleteTopics(List.of(topic)).all());
        await().until(() -> !Answers.get(bed.admin().listTopics().names()).contains(topic));
    }

    public void configure(String topic, String name, String value) {
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Answers.get(bed.admin()
                .incrementalAlterConfigs(Map.of(resource, List.of(set)))
                .all());
    }

    /** Writes to the state partition 1; gives the offset. */
    public long write(Input input, byte[] key, byte @Nullable [] value) throws Exception {
        return input.producer()
                .send(new ProducerRecord<>(state(), 1, key, value))
                .get()
                .offset();
    }

    /** The newest version of some entry in the state partition 1. */
    public ConsumerRecord<byte[], byte[]> anEntry() {
        Map<String, ConsumerRecord<byte[], byte[]>> newest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : bed.log().read(state())) {
            if (record.partition() == 1 && record.key()[1] == 'E') {
                newest.put(new String(record.key(), StandardCharsets.ISO_8859_1), record);
            }
        }
        List<ConsumerRecord<byte[], byte[]>> live = new ArrayList<>(newest.values());
        live.removeIf(record -> record.value() == null);
        return live.get(0);
    }

    /** Waits for the refusal; the remedy is to start anew, with names to paste. */
    public Refusal assertRefused(Instance instance, int partition, String... problem) {
        Refusal refusal = instance.awaitRefusal(partition);
        assertThat(refusal.problem()).contains(problem);
        assertThat(refusal.remedy())
                .containsIgnoringCase("start anew")
                .contains(
                        "--group " + bed.groupId() + " --topic " + bed.topics().source())
                .contains("tally.pipelines.it.state.topic");
        assertThat(instance.lane(0).ended()).isFalse();
        return refusal;
    }

    /** One more record of the partition is counted. */
    public void assertGoesOn(int partition) {
        long folded = folded(partition);
        try (Input more = bed.input()) {
            more.advance(100_000);
            more.send(partition, 0, more.time());
            more.flush();
            await("partition " + partition).atMost(Duration.ofSeconds(20)).until(() -> folded(partition) > folded);
        }
    }

    public long folded(int partition) {
        return bed.progress(partition).metadata().ledger().folded();
    }

    public String source(int partition) {
        return bed.source(partition).toString();
    }

    public String state() {
        return bed.topics().state();
    }

    public String topicId() {
        String source = bed.topics().source();
        return Answers.get(bed.admin().describeTopics(List.of(source)).allTopicNames())
                .get(source)
                .topicId()
                .toString();
    }
}
