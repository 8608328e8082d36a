package io.tally.command.frame;

import io.tally.kafka.client.ClientSettings;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.LogWriter;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.ClusterReader;

/** The way to the cluster of a pipeline; pipelines may have different ones. */
public interface PipelineAccess {
    /** Settings of its clients, without identities. */
    ClientSettings clients(PipelineDefinition pipeline);

    /** Whether it begins at the end of its source if it has no committed offset. */
    boolean startsAtEnd(PipelineDefinition pipeline);

    /**
     * Opens a reader of its topics; the caller closes it.
     *
     * @throws io.tally.pipeline.log.LogException if what listens at the broker's address is no Kafka
     */
    LogReader log(PipelineDefinition pipeline);

    /**
     * Opens a writer; the caller closes it.
     *
     * @param transactionalId no two writers of the same id can write at the same time
     * @throws io.tally.pipeline.log.LogException if what listens at the broker's address is no Kafka
     */
    LogWriter writer(PipelineDefinition pipeline, String transactionalId);

    /**
     * Opens a reader of facts about its cluster; the caller closes it.
     *
     * @throws io.tally.pipeline.log.LogException if what listens at the broker's address is no Kafka
     */
    ClusterReader cluster(PipelineDefinition pipeline);
}
