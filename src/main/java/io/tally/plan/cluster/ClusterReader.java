package io.tally.plan.cluster;

import java.util.Set;

/** Asks a cluster for facts, and changes nothing. Confined to one thread. */
public interface ClusterReader extends AutoCloseable {
    /**
     * What is asked.
     *
     * @param topics topics to describe; the internal ones are always described
     * @param clocks those of them whose newest timestamp is asked for
     * @param transactionalIds ids to describe
     */
    record Question(Set<String> topics, Set<String> clocks, Set<String> groups, Set<String> transactionalIds) {
        public Question {
            topics = Set.copyOf(topics);
            clocks = Set.copyOf(clocks);
            groups = Set.copyOf(groups);
            transactionalIds = Set.copyOf(transactionalIds);
        }
    }

    /**
     * Asks. What may not be described is left out, as the facts say.
     *
     * @throws io.tally.pipeline.log.LogException if there is no answer
     */
    ClusterFacts facts(Question question);

    @Override
    void close();
}
