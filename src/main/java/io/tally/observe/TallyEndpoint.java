package io.tally.observe;

import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PipelineControl;
import io.tally.pipeline.control.PipelineControls;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/tally}: every pipeline of this instance, its lanes and partitions. It changes something only if
 * {@code management.endpoint.tally.access} allows that.
 */
@WebEndpoint(id = "tally", defaultAccess = Access.READ_ONLY)
final class TallyEndpoint {
    private static final String OPERATIONS = "pause, resume, checkpoint";
    private static final int CONFLICT = 409;

    /** All pipelines, in an object that can get more members. */
    record Overview(List<PipelineDescription> pipelines) {}

    private final Pipelines pipelines;
    private final PipelineControls controls;

    TallyEndpoint(Pipelines pipelines, PipelineControls controls) {
        this.pipelines = pipelines;
        this.controls = controls;
    }

    @ReadOperation
    Overview all() {
        return new Overview(
                pipelines.statuses().stream().map(PipelineDescription::of).toList());
    }

    /** One pipeline; null, which becomes a 404, if there is none of that name. */
    @ReadOperation
    @Nullable
    PipelineDescription one(@Selector String pipeline) {
        return status(pipeline).map(PipelineDescription::of).orElse(null);
    }

    /**
     * Has a pipeline do something in this instance: {@code pause}, {@code resume}, {@code checkpoint}. 200 if it is
     * done, 409 if some of it was refused or has failed, 503 if a lane did not answer in time, 404 if there is no such
     * pipeline, 400 if there is no such operation.
     */
    @WriteOperation
    WebEndpointResponse<OperationReport> operate(@Selector String pipeline, @Selector String operation) {
        PipelineControl control = controls.of(pipeline);
        if (control == null) {
            String names = String.join(
                    ", ",
                    pipelines.statuses().stream().map(PipelineStatus::name).toList());
            return refusal(
                    pipeline,
                    operation,
                    "there is no such pipeline here; there are " + names,
                    WebEndpointResponse.STATUS_NOT_FOUND);
        }
        return switch (operation) {
            case "pause" -> answer(pipeline, operation, control.pause());
            case "resume" -> answer(pipeline, operation, control.resume());
            case "checkpoint" -> answer(pipeline, operation, control.checkpoint());
            default ->
                refusal(
                        pipeline,
                        operation,
                        "there is no such operation; there are " + OPERATIONS,
                        WebEndpointResponse.STATUS_BAD_REQUEST);
        };
    }

    private static WebEndpointResponse<OperationReport> refusal(
            String pipeline, String operation, String text, int httpStatus) {
        return new WebEndpointResponse<>(
                new OperationReport(pipeline, operation, Outcome.REFUSED, text, null, List.of()), httpStatus);
    }

    private WebEndpointResponse<OperationReport> answer(String pipeline, String operation, List<LaneReport> lanes) {
        Optional<PipelineStatus> status = status(pipeline);
        String text = lanes.isEmpty()
                ? "no lane runs: " + status.map(PipelineStatus::problem).orElse("the pipeline has stopped")
                : null;
        OperationReport report = OperationReport.of(
                pipeline,
                operation,
                text,
                status.map(PipelineStatus::pausedSince).orElse(null),
                lanes);
        return new WebEndpointResponse<>(report, httpStatus(report.outcome()));
    }

    private static int httpStatus(Outcome outcome) {
        return switch (outcome) {
            case DONE -> WebEndpointResponse.STATUS_OK;
            case REFUSED, FAILED -> CONFLICT;
            case BUSY, RUNNING -> WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE;
        };
    }

    private Optional<PipelineStatus> status(String pipeline) {
        return pipelines.statuses().stream()
                .filter(status -> status.name().equals(pipeline))
                .findFirst();
    }
}
