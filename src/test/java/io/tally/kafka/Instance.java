package io.tally.kafka;

import static org.awaitility.Awaitility.await;

import io.tally.kafka.client.ClientSettings;
import io.tally.pipeline.control.PipelineControl;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Refusal;
import io.tally.plan.KafkaPipeline;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** One process of a pipeline, as far as Kafka can tell. */
final class Instance {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaPipeline pipeline;
    private final Faults faults;
    private final RecordedEvents events = new RecordedEvents();
    private final PipelineManager manager;

    Instance(KafkaPipeline pipeline, ClientSettings settings, Faults faults) {
        this(List.of(pipeline), settings, faults);
    }

    /** Several pipelines, or both stages of one; what is asked of the instance is about the first. */
    Instance(List<KafkaPipeline> pipelines, ClientSettings settings, Faults faults) {
        pipeline = pipelines.get(0);
        this.faults = faults;
        manager = new PipelineManager(pipelines, pipeline -> settings, faults.listeners(), events);
    }

    Instance start() {
        manager.start();
        return this;
    }

    /** As the application stops: drains. */
    void stop() {
        manager.stop();
    }

    /** As kill -9 does: nothing is drained, aborted or left. */
    void kill() {
        faults.kill();
        manager.stop();
    }

    Faults faults() {
        return faults;
    }

    RecordedEvents events() {
        return events;
    }

    KafkaPipeline pipeline() {
        return pipeline;
    }

    List<PipelineStatus> statuses() {
        return manager.statuses();
    }

    PipelineStatus status() {
        return manager.statuses().get(0);
    }

    /** What an operator may ask of the first pipeline. */
    PipelineControl control() {
        return control(pipeline.name());
    }

    PipelineControl control(String name) {
        return Objects.requireNonNull(manager.of(name));
    }

    LaneStatus lane(int number) {
        return status().lanes().get(number);
    }

    List<PartitionStatus> partitions() {
        return status().lanes().stream()
                .flatMap(lane -> lane.partitions().stream())
                .toList();
    }

    Stream<Integer> active() {
        return partitions().stream()
                .filter(partition -> partition.phase() == PartitionPhase.ACTIVE)
                .map(PartitionStatus::partition);
    }

    Optional<Refusal> refusal(int partition) {
        return partitions().stream()
                .filter(status -> status.partition() == partition)
                .flatMap(status -> Stream.ofNullable(status.refusal()))
                .findFirst();
    }

    /** Waits until it works on so many partitions. */
    Instance awaitActive(int partitions) {
        await("active partitions of " + pipeline.instanceId())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> active().count(), count -> count == partitions);
        return this;
    }

    /** Waits until it refuses a partition, and gives the reason. */
    Refusal awaitRefusal(int partition) {
        return await("refusal of partition " + partition)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> refusal(partition), Optional::isPresent)
                .orElseThrow();
    }
}
