package io.tally.observe;

import io.tally.pipeline.control.KeyReport;
import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PipelineControl;
import io.tally.pipeline.control.PipelineControls;
import io.tally.pipeline.control.RowExplanation;
import io.tally.pipeline.control.RowExplanations;
import io.tally.pipeline.control.WatermarkOrder;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
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
    private static final String OPERATIONS = "pause, resume, checkpoint, watermark";
    private static final String NOW = "now";
    private static final String HIDDEN =
            "keys are data, and are not shown unless management.endpoint.tally.show-keys allows it";
    private static final int CONFLICT = 409;
    private static final int FORBIDDEN = 403;

    /** All pipelines, in an object that can get more members. */
    record Overview(List<PipelineDescription> pipelines) {}

    private final Pipelines pipelines;
    private final PipelineControls controls;
    private final RowExplanations explanations;
    private final TallyEndpointProperties properties;
    private final Clock clock;

    TallyEndpoint(
            Pipelines pipelines,
            PipelineControls controls,
            RowExplanations explanations,
            TallyEndpointProperties properties,
            Clock clock) {
        this.pipelines = pipelines;
        this.controls = controls;
        this.explanations = explanations;
        this.properties = properties;
        this.clock = clock;
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
     * What is counted of a key: 200, also if this instance does not have it and says who may; 403 if keys are not
     * shown, 404 if there is no such pipeline, 409 if it keeps nothing by key, 503 if a lane did not answer in time.
     */
    @ReadOperation
    WebEndpointResponse<KeyDescription> key(
            SecurityContext user, @Selector String pipeline, @Selector String what, @Selector String key) {
        return lookUp(user, pipeline, what, key);
    }

    /**
     * The same for any key, since in a path a key may have no slash; or which records made a row ({@code explain}): 200
     * also if there is no row and it says why, 400 if no window is named, 403 if keys are not shown, 404 if there is no
     * such pipeline, 409 if its rows cannot be explained, 503 if there is no answer in time.
     *
     * @param window for {@code explain}, when the window begins
     * @param end for {@code explain}, when it ends; needed only where several windows begin together
     */
    @ReadOperation
    WebEndpointResponse<?> anyKey(
            SecurityContext user,
            @Selector String pipeline,
            @Selector String what,
            String key,
            @Nullable String window,
            @Nullable String end) {
        return what.equals("explain") ? explain(user, pipeline, key, window, end) : lookUp(user, pipeline, what, key);
    }

    private WebEndpointResponse<RowExplanation> explain(
            SecurityContext user, String pipeline, String key, @Nullable String window, @Nullable String end) {
        if (!properties.showKeys().isShown(user, properties.roles())) {
            return new WebEndpointResponse<>(new RowExplanation(Outcome.REFUSED, HIDDEN, Map.of()), FORBIDDEN);
        }
        if (window == null) {
            return new WebEndpointResponse<>(
                    new RowExplanation(
                            Outcome.REFUSED,
                            "say when the window begins: window is missing; for example 2026-03-01T10:00:00Z",
                            Map.of()),
                    WebEndpointResponse.STATUS_BAD_REQUEST);
        }
        RowExplanation answer = explanations.explain(pipeline, key, window, end);
        return answer == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(answer, httpStatus(answer.outcome()));
    }

    private WebEndpointResponse<KeyDescription> lookUp(SecurityContext user, String pipeline, String what, String key) {
        PipelineControl control = controls.of(pipeline);
        if (!what.equals("keys") || control == null) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        if (!properties.showKeys().isShown(user, properties.roles())) {
            KeyReport hidden = new KeyReport(Outcome.REFUSED, HIDDEN, List.of(), List.of());
            return new WebEndpointResponse<>(KeyDescription.of(pipeline, key, hidden, null), FORBIDDEN);
        }
        KeyReport report = control.key(key.getBytes(StandardCharsets.UTF_8));
        return new WebEndpointResponse<>(
                KeyDescription.of(pipeline, key, report, properties.peerAddress()), httpStatus(report.outcome()));
    }

    /**
     * Makes a pipeline do something in this instance: {@code pause}, {@code resume}, {@code checkpoint}, or set its
     * {@code watermark} back. 200 if it is done, 409 if some of it was refused or has failed, 503 if a lane did not
     * answer in time, 404 if there is no such pipeline, 400 if there is no such operation or its parameters are wrong.
     *
     * <p>Since there are parameters, Actuator takes JSON only. So no page of another site can make a browser send it.
     *
     * @param partition the only one to set back; all that the instance has if absent
     * @param watermark where to: an ISO-8601 time with an offset, or {@code now}, which is less the grace
     * @param close whether all that is open leaves before that; false if absent
     */
    @WriteOperation
    WebEndpointResponse<OperationReport> operate(
            @Selector String pipeline,
            @Selector String operation,
            @Nullable Integer partition,
            @Nullable String watermark,
            @Nullable Boolean close) {
        PipelineControl control = controls.of(pipeline);
        Optional<PipelineStatus> status = status(pipeline);
        if (control == null || status.isEmpty()) {
            List<String> names =
                    pipelines.statuses().stream().map(PipelineStatus::name).toList();
            return refusal(
                    pipeline,
                    operation,
                    "there is no such pipeline here; there are " + String.join(", ", names),
                    WebEndpointResponse.STATUS_NOT_FOUND);
        }
        boolean hasParameters = partition != null || watermark != null || close != null;
        if (hasParameters && !operation.equals("watermark")) {
            return badRequest(pipeline, operation, "partition, watermark and close are parameters of watermark only");
        }
        return switch (operation) {
            case "pause" -> answer(pipeline, operation, control.pause());
            case "resume" -> answer(pipeline, operation, control.resume());
            case "checkpoint" -> answer(pipeline, operation, control.checkpoint());
            case "watermark" -> setBack(control, status.get(), partition, watermark, close != null && close);
            default -> badRequest(pipeline, operation, "there is no such operation; there are " + OPERATIONS);
        };
    }

    private WebEndpointResponse<OperationReport> setBack(
            PipelineControl control,
            PipelineStatus status,
            @Nullable Integer partition,
            @Nullable String watermark,
            boolean close) {
        if (watermark == null) {
            return badRequest(status.name(), "watermark", "say where to: watermark is missing; for example \"now\"");
        }
        long target;
        try {
            target = watermark.equals(NOW)
                    ? clock.millis() - status.grace().toMillis()
                    : OffsetDateTime.parse(watermark).toInstant().toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            return badRequest(
                    status.name(),
                    "watermark",
                    "the watermark is no time with an offset, such as 2026-03-01T10:00:00Z, nor \"now\"");
        }
        List<LaneReport> lanes = control.setBack(new WatermarkOrder(partition, target, close));
        boolean isElsewhere = partition != null
                && lanes.stream()
                        .allMatch(lane -> lane.outcome() == Outcome.DONE
                                && lane.partitions().isEmpty());
        if (isElsewhere && !lanes.isEmpty()) {
            return refusal(status.name(), "watermark", "partition " + partition + " is not at this instance", CONFLICT);
        }
        return answer(status.name(), "watermark", lanes);
    }

    private static WebEndpointResponse<OperationReport> badRequest(String pipeline, String operation, String text) {
        return refusal(pipeline, operation, text, WebEndpointResponse.STATUS_BAD_REQUEST);
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
