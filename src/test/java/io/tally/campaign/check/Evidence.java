package io.tally.campaign.check;

import java.util.ArrayList;
import java.util.List;

/**
 * What a round left behind. Lists may be changed, so that the checker can be tried.
 *
 * @param after what a read_committed reader finds when all is over
 * @param live what another one saw while it happened
 * @param commits of the group that reads the source, in their order
 * @param state everything that was ever written to the state topic; nothing behind a shuffle
 * @param ends of each partition that the pipeline touched
 * @param committed the offset of each partition of the source that the group has in the end
 */
public record Evidence(
        List<Message> source,
        Outputs after,
        Outputs live,
        List<Commit> commits,
        List<Message> state,
        List<End> ends,
        List<Long> committed) {
    /** The topics that are written to; messages of a partition are in their order. */
    public record Outputs(List<Message> sink, List<Message> late, List<Message> dead) {
        Outputs copy() {
            return new Outputs(new ArrayList<>(sink), new ArrayList<>(late), new ArrayList<>(dead));
        }
    }

    /**
     * Where a partition ends.
     *
     * @param stable the last stable offset: up to where transactions are over
     */
    public record End(String partition, long stable, long end) {}

    Evidence copy() {
        return new Evidence(
                new ArrayList<>(source),
                after.copy(),
                live.copy(),
                new ArrayList<>(commits),
                new ArrayList<>(state),
                new ArrayList<>(ends),
                new ArrayList<>(committed));
    }
}
