package io.tally.kafka;

import io.tally.kafka.lane.LaneContainer;
import io.tally.kafka.lane.LaneRequest;
import io.tally.kafka.member.Pause;
import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.PipelineControl;
import io.tally.pipeline.control.WatermarkOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all lanes of a pipeline at once, and waits for their answers, but not for long. */
final class LanesControl implements PipelineControl {
    /** For the answers of all lanes together: the asking thread is one of the web server's. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(LanesControl.class);

    private final String pipeline;
    private final Pause pause;
    private final Supplier<List<LaneContainer>> lanes;

    /** @param lanes those that run at the moment */
    LanesControl(String pipeline, Pause pause, Supplier<List<LaneContainer>> lanes) {
        this.pipeline = pipeline;
        this.pause = pause;
        this.lanes = lanes;
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

    private List<LaneReport> ask(Function<LaneContainer, LaneRequest> question) {
        List<LaneRequest> asked = lanes.get().stream().map(question).toList();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        return asked.stream()
                .map(request -> request.await(Duration.ofNanos(deadline - System.nanoTime())))
                .toList();
    }
}
