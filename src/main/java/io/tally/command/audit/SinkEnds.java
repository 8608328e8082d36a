package io.tally.command.audit;

import io.tally.pipeline.log.LogReader;
import io.tally.plan.PipelineDefinition;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What the sinks had when the audit began.
 *
 * @param ends where their partitions ended
 * @param isCompacted whether one of them may have lost all but the last row of a window and key
 */
record SinkEnds(List<List<Long>> ends, boolean isCompacted) {
    /**
     * Looks at them.
     *
     * @throws io.tally.command.frame.UsageException if one is compacted, and the rows that are left do not tell enough
     */
    static SinkEnds look(PipelineDefinition pipeline, LogReader log) {
        List<List<Long>> ends = new ArrayList<>();
        boolean isCompacted = false;
        for (String topic : pipeline.topics().sinks()) {
            isCompacted |= isCompacted(pipeline, topic, ends.size(), log);
            List<Long> its = new ArrayList<>();
            int partitions = log.requirePartitions("sink topic", topic);
            for (int partition = 0; partition < partitions; partition++) {
                its.add(log.range(topic, partition).to());
            }
            ends.add(its);
        }
        return new SinkEnds(ends, isCompacted);
    }

    private static boolean isCompacted(PipelineDefinition pipeline, String topic, int sink, LogReader log) {
        WindowSpec window = pipeline.spec().window();
        // A total that has ended and begins anew has the same record key.
        boolean mayLoseRows = window.hasRevisions() || window.kind() instanceof WindowKind.Totals;
        if (!mayLoseRows || !log.isCompacted(topic)) {
            return false;
        }
        boolean isTotalThatEnds = window.kind() instanceof WindowKind.Totals && window.windowing() == null;
        if (pipeline.spec().losesRowsByCompaction(sink)
                || (isTotalThatEnds && pipeline.spec().idleTimeout() != null)
                || pipeline.shuffle() != null
                || pipeline.spec().window().kind() instanceof WindowKind.Sessions) {
            throw Auditable.compacted(pipeline, topic);
        }
        return true;
    }

    /**
     * Whether a row was there.
     *
     * @param sink the sink's place, 0 for the first
     * @param place where it is, as of {@link SinkIndex}
     */
    boolean had(int sink, long place) {
        List<Long> its = ends.get(sink);
        int partition = SinkIndex.partition(place);
        return partition < its.size() && SinkIndex.offset(place) < its.get(partition);
    }
}
