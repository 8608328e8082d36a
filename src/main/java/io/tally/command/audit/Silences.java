package io.tally.command.audit;

import io.tally.codec.SourceRecord;
import io.tally.command.frame.Progress;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.SecondReading;
import io.tally.command.recount.SideView;
import io.tally.command.recount.WholeTopic;
import io.tally.pipeline.log.LogReader;
import io.tally.window.Windowing;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a silent source has closed windows, the clock decided, and no log says when that was. The records that were late
 * because of it tell: each has the watermark in its headers. That is believed if it is possible: the watermark must be
 * where the last open window ended. Some 150 bytes of heap for each late record.
 */
final class Silences {
    private final AuditPlan plan;
    private final Map<Coordinates, Long> watermarks = new HashMap<>();

    private Silences(AuditPlan plan) {
        this.plan = plan;
    }

    /** Reads the late topic, if the pipeline has an idle timeout. */
    static Silences read(AuditPlan plan, LogReader log, Progress progress) {
        Silences silences = new Silences(plan);
        if (plan.spec().idleTimeout() != null) {
            String topic = plan.pipeline().topics().late();
            progress.begin("records of " + topic, 0);
            WholeTopic.read(
                    log,
                    topic,
                    log.partitions(topic),
                    log::range,
                    progress,
                    (partition, record) -> silences.add(new SideView(record)));
        }
        return silences;
    }

    private void add(SideView view) {
        Coordinates at = view.coordinatesIn(plan.pipeline());
        if (at != null) {
            try {
                watermarks.put(at, Instant.parse(view.watermark()).toEpochMilli());
            } catch (DateTimeException | ArithmeticException e) {
                // The headers are not as they should be; the comparison will show it.
            }
        }
    }

    /**
     * How far the watermark was moved before an event.
     *
     * @param highest event time before it
     * @return {@link SecondReading#NONE} if it was not, as far as is known
     */
    long before(int partition, SourceRecord record, long highest) {
        if (watermarks.isEmpty() || highest == SecondReading.NONE) {
            return SecondReading.NONE;
        }
        Long watermark = watermarks.get(new Coordinates(partition, record.offset(), record.event()));
        return watermark != null && mayBe(watermark, highest) ? watermark : SecondReading.NONE;
    }

    private boolean mayBe(long watermark, long highest) {
        @Nullable Windowing windowing = plan.windowing();
        if (windowing == null) {
            return watermark <= highest + plan.gap();
        }
        return windowing.nextWindowEnd(watermark - 1) == watermark
                && watermark <= windowing.lastWindowEnd(windowing.sliceStart(highest));
    }
}
