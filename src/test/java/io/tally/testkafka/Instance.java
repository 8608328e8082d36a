package io.tally.testkafka;

import static org.awaitility.Awaitility.await;

import io.tally.kafka.PipelineManager;
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
public final class Instance {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaPipeline pipeline;
    private final Faults faults;
    private final RecordedEvents events = new RecordedEvents();
    private final PipelineManager manager;

    public Instance(KafkaPipeline pipeline, ClientSettings settings, Faults faults) {
        this(List.of(pipeline), settings, faults);
    }

    /** Several pipelines, or both stages of one; what is asked of the instance is about the first. */
    public Instance(List<KafkaPipeline> pipelines, ClientSettings settings, Faults faults) {
        pipeline = pipelines.get(0);
        this.faults = faults;
        manager = new PipelineManager(pipelines, pipeline -> settings, faults.listeners(), events);
    }

    public Instance start() {
        manager.start();
        return this;
    }

    /** As the application stops: drains. */
    public void stop() {
        manager.stop();
    }

    /** As kill -9 does: nothing is drained, aborted or left. */
    public void kill() {
        faults.kill();
        manager.stop();
    }

    public Faults faults() {
        return faults;
    }

    public RecordedEvents events() {
        return events;
    }

    public KafkaPipeline pipeline() {
        return pipeline;
    }

    public List<PipelineStatus> statuses() {
        return manager.statuses();
    }

    public PipelineStatus status() {
        return manager.statuses().get(0);
    }

    /** What an operator may ask of the first pipeline. */
    public PipelineControl control() {
        return control(pipeline.name());
    }

    public PipelineControl control(String name) {
        return Objects.requireNonNull(manager.of(name));
    }

    public LaneStatus lane(int number) {
        return status().lanes().get(number);
    }

    public List<PartitionStatus> partitions() {
        return status().lanes().stream()
                .flatMap(lane -> lane.partitions().stream())
                .toList();
    }

    public Stream<Integer> active() {
        return partitions().stream()
                .filter(partition -> partition.phase() == PartitionPhase.ACTIVE)
                .map(PartitionStatus::partition);
    }

    public Optional<Refusal> refusal(int partition) {
        return partitions().stream()
                .filter(status -> status.partition() == partition)
                .flatMap(status -> Stream.ofNullable(status.refusal()))
                .findFirst();
    }

    /** Waits until it works on so many partitions. */
    public Instance awaitActive(int partitions) {
        await("active partitions of " + pipeline.instanceId())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> active().count(), count -> count == partitions);
        return this;
    }

    /** Waits until it refuses a partition, and gives the reason. */
    public Refusal awaitRefusal(int partition) {
        return await("refusal of partition " + partition)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> refusal(partition), Optional::isPresent)
                .orElseThrow();
    }
}
