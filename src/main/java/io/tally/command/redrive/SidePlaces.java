package io.tally.command.redrive;

import io.tally.command.frame.Place;
import io.tally.command.frame.Progress;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.SideIndex;
import io.tally.command.recount.SideIndex.Side;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the side topics were re-driven. The group's offsets say it. The broker forgets these a week or so after the
 * last re-drive. Then the rows say it: each left together with such an offset.
 *
 * @param next where each partition goes on
 * @param until up to where it is re-driven
 */
record SidePlaces(SideIndex index, SortedMap<Side, Long> next, SortedMap<Side, Long> until) {
    /**
     * Finds out.
     *
     * @param end where it is to end
     * @param topic the only one that is to be re-driven; null for both
     */
    static SidePlaces of(
            PipelineDefinition pipeline, Place end, @Nullable String topic, LogReader log, Progress progress) {
        progress.begin("records of the side topics", 0);
        SideIndex index = SideIndex.read(pipeline, log, progress);
        SortedMap<Side, OffsetRange> sides = index.sides();
        SortedMap<Side, Long> next = new TreeMap<>(sides.comparator());
        Map<Side, Long> known = RedriveMark.committed(pipeline, log);
        known.keySet().retainAll(sides.keySet());
        boolean isAllKnown = sides.entrySet().stream()
                .allMatch(side -> side.getValue().length() == 0 || known.containsKey(side.getKey()));
        if (!isAllKnown) {
            byRows(pipeline, log, progress).forEach((side, offset) -> known.merge(side, offset, Math::max));
        }
        SortedMap<Side, Long> until = new TreeMap<>(sides.comparator());
        sides.forEach((side, held) -> {
            long from = Math.max(held.from(), known.getOrDefault(side, held.from()));
            if (from > held.to()) {
                throw new LogException(side + " ends at offset " + held.to() + ", and was re-driven up to " + from
                        + ". If the topic was made anew, delete the group " + RedriveMark.group(pipeline.groupId()));
            }
            boolean isAsked = topic == null || topic.equals(side.topic());
            next.put(side, from);
            until.put(side, isAsked ? Math.max(from, end.in(log, side.topic(), side.partition(), held)) : from);
        });
        return new SidePlaces(index, next, until);
    }

    private static Map<Side, Long> byRows(PipelineDefinition pipeline, LogReader log, Progress progress) {
        SinkScan scan = new SinkScan(
                pipeline.topics().sink(),
                pipeline.spec(),
                pipeline.spec().encoders().get(0).get());
        scan.read(Set.of(), log, progress);
        return scan.marks;
    }
}
