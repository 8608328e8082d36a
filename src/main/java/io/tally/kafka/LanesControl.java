package io.tally.kafka;

import io.tally.kafka.client.Causes;
import io.tally.kafka.lane.LaneContainer;
import io.tally.kafka.lane.LaneKey;
import io.tally.kafka.lane.LaneRequest;
import io.tally.kafka.member.Pause;
import io.tally.pipeline.ShufflePartitioner;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.control.KeyReport;
import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionKey;
import io.tally.pipeline.control.PipelineControl;
import io.tally.pipeline.control.WatermarkOrder;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.plan.KafkaPipeline;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all lanes of a pipeline at once, and waits for their answers, but not for long. */
final class LanesControl implements PipelineControl {
    /** How long to wait for the answers of all lanes together: the asking thread is one of the web server's. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(LanesControl.class);

    private final KafkaPipeline definition;
    private final String pipeline;
    private final Pause pause;
    private final Supplier<List<LaneContainer>> lanes;
    private final Supplier<Admin> admin;

    /** @param lanes those that run at the moment */
    LanesControl(KafkaPipeline definition, Pause pause, Supplier<List<LaneContainer>> lanes, Supplier<Admin> admin) {
        this.definition = definition;
        pipeline = definition.name();
        this.pause = pause;
        this.lanes = lanes;
        this.admin = admin;
    }

    @Override
    public List<LaneReport> pause() {
        if (!pause.isOn()) {
            log.warn("Pipeline {}: an operator has paused it in this instance; it takes no records", pipeline);
        }
        pause.begin(Instant.now());
        return ask(LaneContainer::hold);
    }

    @Override
    public List<LaneReport> resume() {
        if (pause.isOn()) {
            log.info("Pipeline {}: an operator has resumed it in this instance", pipeline);
        }
        pause.end();
        return ask(LaneContainer::hold);
    }

    @Override
    public List<LaneReport> checkpoint() {
        return ask(LaneContainer::checkpoint);
    }

    @Override
    public List<LaneReport> setBack(WatermarkOrder order) {
        log.warn(
                "Pipeline {}: an operator wants the watermark of {} set back to {}{}",
                pipeline,
                order.partition() == null ? "all partitions of this instance" : "partition " + order.partition(),
                Instant.ofEpochMilli(order.watermark()),
                order.close() ? ", after all that is open has left" : "");
        return ask(lane -> lane.setBack(order));
    }

    @Override
    public KeyReport key(byte[] key) {
        if (definition.stage() == StageKind.COMBINE) {
            return new KeyReport(
                    Outcome.REFUSED,
                    "this stage keeps nothing by key; ask " + pipeline + ".merge",
                    List.of(),
                    List.of());
        }
        List<LaneContainer> running = lanes.get();
        List<LaneKey> answers = ask(lane -> lane.key(key));
        List<PartitionKey> found =
                answers.stream().flatMap(answer -> answer.found().stream()).toList();
        for (LaneKey answer : answers) {
            if (found.isEmpty() && answer.outcome() != Outcome.DONE) {
                return new KeyReport(
                        answer.outcome(), "lane " + answer.lane() + ": " + answer.text(), List.of(), List.of());
            }
        }
        if (!found.isEmpty() || running.isEmpty()) {
            return new KeyReport(Outcome.DONE, running.isEmpty() ? "no lane runs" : null, found, List.of(), gone());
        }
        Set<Integer> candidates = candidates(key, running.get(0).sourcePartitions());
        answers.forEach(answer -> candidates.removeAll(answer.looked()));
        Set<Integer> waiting = running.stream()
                .flatMap(lane -> lane.status().partitions().stream())
                .map(PartitionStatus::partition)
                .filter(candidates::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!waiting.isEmpty()) {
            String text =
                    "partitions " + waiting + ", which may have it, are being restored or are refused here; ask again"
                            + " once they are worked on";
            return new KeyReport(Outcome.BUSY, text, List.of(), List.of());
        }
        return candidates.isEmpty()
                ? new KeyReport(Outcome.DONE, "nothing is open or kept of this key", List.of(), List.of(), gone())
                : elsewhere(candidates);
    }

    private String gone() {
        WindowSpec window = definition.spec().window();
        String sink = definition.topics().sinks().get(0);
        if (window.kind() instanceof WindowKind.Totals totals) {
            return totals.ttl() == null
                    ? "nothing: a total does not close; rows of before are in " + sink
                    : "totals that have ended, which are not kept; their rows are in " + sink;
        }
        return window.allowedLateness().isZero()
                ? "windows that have closed, which are not kept; their rows are in " + sink
                : "windows that ended more than " + window.allowedLateness().toMillis()
                        + " ms (allowed-lateness) before the watermark, which are not kept; their rows are in " + sink;
    }

    /** The partitions that the key may be in: behind a shuffle one, else where its producers have put it. */
    private Set<Integer> candidates(byte[] key, int partitions) {
        if (definition.stage() == StageKind.MERGE) {
            return new TreeSet<>(Set.of(new ShufflePartitioner(partitions).partition(key, 0, key.length)));
        }
        return IntStream.range(0, partitions).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private KeyReport elsewhere(Set<Integer> candidates) {
        String text = "this instance does not work on partitions " + candidates + ", which may have it";
        try {
            return new KeyReport(Outcome.DONE, text, List.of(), new KeyOwners(admin, definition).of(candidates));
        } catch (KafkaException e) {
            return new KeyReport(
                    Outcome.DONE, text + "; who does is not known: " + Causes.describe(e), List.of(), List.of());
        }
    }

    private <A> List<A> ask(Function<LaneContainer, LaneRequest<A>> question) {
        List<LaneRequest<A>> asked = lanes.get().stream().map(question).toList();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        return asked.stream()
                .map(request -> request.await(Duration.ofNanos(deadline - System.nanoTime())))
                .toList();
    }
}
