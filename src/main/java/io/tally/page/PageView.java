package io.tally.page;

import io.tally.page.EventLog.Event;
import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.PartitionPhase;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows of one second; names of the components are JSON, times are milliseconds since the epoch.
 *
 * @param areValuesShown whether keys and values may be seen
 * @param output what comes out, by pipeline, as far as it is new; for one who has just begun to look, all
 * @param history by pipeline, null but for one who has just begun to look
 * @param heapHistory used bytes, null likewise
 * @param events the latest, newest first; null if they are as in the second before
 */
record PageView(
        long time,
        Heap heap,
        boolean areValuesShown,
        List<Pipeline> pipelines,
        Map<String, Outcomes.View> output,
        @Nullable Map<String, Map<String, List<@Nullable Float>>> history,
        @Nullable List<@Nullable Float> heapHistory,
        @Nullable List<Event> events) {

    /** The heap of this process, in bytes. */
    record Heap(long used, long max) {}

    /** The state of a pipeline. Readiness shows a problem as down, the next two as out of service, the last as up. */
    enum State {
        PROBLEM,
        RESTORING,
        PAUSED,
        WELL
    }

    /**
     * A pipeline, or a stage of one with a shuffle.
     *
     * @param problems why it is not well, the first few
     * @param moreProblems how many there are beside
     * @param restoring the partitions that are being restored and how far that is, the first few
     * @param paused since when an operator has paused it here; null as a rule
     * @param grace in milliseconds: watermark + grace is the highest event time
     * @param isMerge whether its partitions are those of a shuffle topic
     * @param partitions those that this instance owns, by number; of very many the ones that are furthest back
     * @param rest the others; null if there are none
     * @param sources merge: how far the source partitions are; null if that is not known
     */
    record Pipeline(
            String name,
            State state,
            List<String> problems,
            int moreProblems,
            List<String> restoring,
            @Nullable Long paused,
            String source,
            String sink,
            String group,
            long grace,
            boolean isMerge,
            Second now,
            int windows,
            long maxBytes,
            List<Partition> partitions,
            @Nullable Rest rest,
            @Nullable Sources sources) {}

    /**
     * A partition; of what is committed null before the first commit and while restoring.
     *
     * @param note why it does not get on, or what a restore is doing
     * @param oldest start of the oldest open window, null if none is open
     * @param since since when the watermark has not moved
     * @param closing where the watermark is going while rows leave in several transactions
     * @param open what is open one by one; null if that is not known, or the partition is not among those furthest back
     * @param waitsFor merge: the source partition that holds the watermark back
     */
    record Partition(
            int partition,
            int lane,
            PartitionPhase phase,
            @Nullable String note,
            @Nullable Long offset,
            @Nullable Long watermark,
            @Nullable Long oldest,
            int windows,
            long entries,
            long bytes,
            @Nullable Long since,
            @Nullable Long closing,
            @Nullable OpenWindows open,
            @Nullable Source waitsFor) {

        Partition withoutOpen() {
            return open == null
                    ? this
                    : new Partition(
                            partition, lane, phase, note, offset, watermark, oldest, windows, entries, bytes, since,
                            closing, null, waitsFor);
        }
    }

    /**
     * A source partition behind a shuffle; its times and its offset are null if it has not been heard of.
     *
     * @param isIdle whether nothing waits for it, since it is silent
     */
    record Source(
            int partition,
            @Nullable Long watermark,
            @Nullable Long offset,
            @Nullable Long since,
            boolean isIdle) {}

    /**
     * The source partitions behind a shuffle.
     *
     * @param slowest those that are waited for and furthest back first, then the idle ones; of many the first few
     * @param more how many there are beside
     * @param idle how many of those are idle
     * @param minWatermark least of those, null if none has one
     * @param maxWatermark greatest of those, null if none has one
     */
    record Sources(
            List<Source> slowest,
            int more,
            int idle,
            @Nullable Long minWatermark,
            @Nullable Long maxWatermark) {}

    /** What there is beside the partitions that are shown one by one. */
    record Rest(
            int partitions,
            @Nullable Long minWatermark,
            @Nullable Long maxWatermark,
            int windows,
            long entries) {}

    PageView with(
            Map<String, Outcomes.View> all,
            Map<String, Map<String, List<@Nullable Float>>> values,
            List<@Nullable Float> heapValues,
            List<Event> allEvents) {
        return new PageView(time, heap, areValuesShown, pipelines, all, values, heapValues, allEvents);
    }
}
