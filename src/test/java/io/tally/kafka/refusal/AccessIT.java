package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Permissions and topics that go missing while a pipeline runs, at a broker with an authorizer. */
class AccessIT {
    @RegisterExtension
    final TestBed bed = new TestBed(2);

    /** The late records of partition 1 are not allowed; partition 0 has none and goes on. */
    @Test
    void waitsForAPermissionToWrite() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(100, 10_000);
        bed.awaitProcessed();

        deny(bed.topics().late(), AclOperation.WRITE);
        input.send(1, 1, input.time() - 60_000);
        input.flush();
        PartitionStatus held = await().until(() -> instance.partitions().get(1), status -> status.problem() != null);
        assertThat(held.problem())
                .contains("The outputs of " + bed.source(1) + " cannot be written to topic "
                        + bed.topics().late())
                .contains("TopicAuthorizationException");
        long before = bed.progress(0).offset();
        input.send(0, 1, input.time());
        input.flush();
        await("the other partition").until(() -> bed.progress(0).offset() > before);
        assertThat(instance.refusal(1)).isEmpty();

        allow(bed.topics().late());
        input.closeWindows();
        bed.assertExact();
        await().until(() -> instance.partitions().get(1).problem() == null);
    }

    /**
     * A broker takes no times that are far ahead of its own, which those of a host with a wrong clock are for a while.
     */
    @Test
    void waitsForTheClockToBeRight() {
        bed.producerSettings.put(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, WrongClock.class.getName());
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(100, 10_000);
        bed.awaitProcessed();

        WrongClock.topic = bed.topics().late();
        input.send(1, 1, input.time() - 60_000);
        input.flush();
        PartitionStatus held = await().until(
                        () -> instance.partitions().get(1),
                        status -> status.problem() != null || status.refusal() != null);
        assertThat(held.refusal()).isNull();
        assertThat(held.problem())
                .contains("cannot be written to topic " + bed.topics().late())
                .contains("InvalidTimestampException");

        WrongClock.topic = "";
        input.closeWindows();
        bed.assertExact();
        await().until(() -> instance.partitions().get(1).problem() == null);
    }

    /** That of the host which sends: two hours ahead in what goes to a topic. */
    public static final class WrongClock implements ProducerInterceptor<byte[], byte[]> {
        static volatile String topic = "";

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> sent) {
            return sent.topic().equals(topic)
                    ? new ProducerRecord<>(
                            topic,
                            sent.partition(),
                            System.currentTimeMillis() + Duration.ofHours(2).toMillis(),
                            sent.key(),
                            sent.value(),
                            sent.headers())
                    : sent;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> settings) {}
    }

    @Test
    void refusesAfterAWhileWithoutIt() {
        bed.pipeline.accessTimeout(Duration.ofMillis(1));
        Instance instance = bed.started("a");
        Input input = bed.input();
        deny(bed.topics().sink(), AclOperation.WRITE);
        input.random(100, 20_000);

        Refusal refusal = instance.awaitRefusal(0);
        assertThat(refusal.problem())
                .contains("cannot be written to topic " + bed.topics().sink(), "access-timeout");
        assertThat(refusal.remedy()).contains("allow this principal", "then restart");
        instance.stop();
        allow(bed.topics().sink());
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
    }

    /** What a restore reads. */
    @Test
    void waitsForAPermissionToReadTheState() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(100, 10_000);
        bed.awaitProcessed();
        instance.stop();

        deny(bed.topics().state(), AclOperation.READ);
        Instance next = bed.instance("a").start();
        await().until(() -> next.partitions().stream()
                .anyMatch(partition -> String.valueOf(partition.problem()).contains("TopicAuthorizationException")));
        allow(bed.topics().state());
        next.awaitActive(2);
        input.closeWindows();
        bed.assertExact();
    }

    @Test
    void refusesAfterAWhileWithoutTheState() {
        bed.pipeline.accessTimeout(Duration.ofMillis(1));
        Instance instance = bed.started("a");
        bed.progress(0);
        bed.progress(1);
        instance.stop();
        deny(bed.topics().state(), AclOperation.READ);

        Instance next = bed.instance("a").start();
        for (int partition = 0; partition < 2; partition++) {
            assertThat(next.awaitRefusal(partition).problem())
                    .contains("The state of " + bed.source(partition) + " cannot be restored")
                    .contains("Not authorized to access topics");
        }
    }

    /** Not about a partition, so the lane ends. */
    @Test
    void endsALaneThatMayNotRead() {
        bed.pipeline.accessTimeout(Duration.ofMillis(1));
        Instance instance = bed.started("a");
        bed.progress(0);
        deny(bed.topics().source(), AclOperation.READ);
        Input input = bed.input();
        input.random(100, 10_000);

        LaneStatus ended = await().atMost(Duration.ofSeconds(30))
                .until(() -> instance.lane(0), lane -> lane.ended() && !lane.running());
        assertThat(ended.problem()).contains("its consumer cannot poll", "Not authorized", "allow this principal");
        allow(bed.topics().source());
        bed.started("b");
        input.closeWindows();
        bed.assertExact();
    }

    /** Under the newer protocol the consumer itself never comes back. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void waitsForAPermissionToTakePartInTheGroup(String protocol) {
        bed.consumerSettings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(100, 10_000);
        bed.awaitProcessed();

        deny(group(), AclOperation.READ);
        input.random(100, 10_000);
        await().until(() -> lanes(instance)
                .anyMatch(lane -> String.valueOf(lane.problem()).contains("Not authorized to access group")));
        allow(group());
        instance.awaitActive(2);
        input.closeWindows();
        bed.assertExact();
        await().until(() -> lanes(instance).allMatch(lane -> lane.problem() == null));
    }

    /** Although each try is a new lane's. */
    @Test
    void endsALaneThatMayNotTakePartInTheGroup() {
        bed.consumerSettings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        bed.pipeline.accessTimeout(Duration.ofMillis(1));
        Instance instance = bed.started("a");
        bed.progress(0);
        deny(group(), AclOperation.READ);

        await().until(() -> lanes(instance).anyMatch(lane -> lane.ended() && !lane.running()));
        assertThat(instance.lane(0).problem())
                .contains("its consumer cannot poll", "Not authorized to access group", "allow this principal");
    }

    /** That other one polls all the while, and nothing is wrong with that. */
    @Test
    void endsALaneThatMayNotReadBesideOneWithNothingToRead() {
        bed.started("b");
        bed.pipeline.accessTimeout(Duration.ofMillis(1)).lanes(2);
        Instance instance = bed.instance("a").start();
        instance.awaitActive(1);
        deny(bed.topics().source(), AclOperation.READ);

        await().until(() -> lanes(instance).anyMatch(lane -> lane.ended() && !lane.running()));
    }

    @Test
    void refusesAfterAWhileWithoutTheTopic() {
        bed.pipeline.accessTimeout(Duration.ofMillis(1));
        Instance instance = bed.started("a");
        bed.progress(0);
        Answers.get(bed.admin().deleteTopics(List.of(bed.topics().late())).all());
        Input input = bed.input();
        input.send(0, 1, input.time());
        input.send(0, 1, input.time() - 60_000);
        input.flush();
        Refusal refusal = instance.awaitRefusal(0);
        assertThat(refusal.problem())
                .contains("cannot be written to topic " + bed.topics().late());
        assertThat(refusal.remedy()).contains("create the topic again");
    }

    /** None while new ones are made. */
    private static Stream<LaneStatus> lanes(Instance instance) {
        return instance.status().lanes().stream();
    }

    private void deny(String topic, AclOperation operation) {
        deny(topic(topic), operation);
    }

    private void deny(ResourcePattern resource, AclOperation operation) {
        Answers.get(bed.admin()
                .createAcls(List.of(
                        acl(resource, AclOperation.ALL, AclPermissionType.ALLOW),
                        acl(resource, operation, AclPermissionType.DENY)))
                .all());
    }

    private void allow(String topic) {
        allow(topic(topic));
    }

    private void allow(ResourcePattern resource) {
        Answers.get(bed.admin()
                .deleteAcls(List.of(new AclBindingFilter(resource.toFilter(), AccessControlEntryFilter.ANY)))
                .all());
    }

    private static ResourcePattern topic(String name) {
        return new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL);
    }

    private ResourcePattern group() {
        return new ResourcePattern(ResourceType.GROUP, bed.groupId(), PatternType.LITERAL);
    }

    private static AclBinding acl(ResourcePattern resource, AclOperation operation, AclPermissionType type) {
        return new AclBinding(resource, new AccessControlEntry("User:ANONYMOUS", "*", operation, type));
    }
}
