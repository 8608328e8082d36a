package io.tally.kafka.topic;

import io.tally.kafka.client.Futures;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.plan.KafkaPipeline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes records of the shuffle topic that no recovery reads again: in each partition that this instance merges,
 * everything below the committed recovery offset. A former owner knows an older offset, and so deletes less. Best
 * effort: the next run deletes what is left.
 */
public final class ShuffleCleaner {
    private static final Logger log = LoggerFactory.getLogger(ShuffleCleaner.class);

    private final Supplier<Admin> admin;
    private final KafkaPipeline pipeline;
    private final Map<TopicPartition, Long> deleted = new HashMap<>();
    private boolean toldForbidden;

    public ShuffleCleaner(Supplier<Admin> admin, KafkaPipeline pipeline) {
        this.admin = admin;
        this.pipeline = pipeline;
    }

    public void clean(List<LaneStatus> lanes) {
        Map<TopicPartition, RecordsToDelete> useless = new HashMap<>();
        for (LaneStatus lane : lanes) {
            for (PartitionStatus partition : lane.partitions()) {
                PartitionSnapshot committed = partition.committed();
                if (committed != null) {
                    TopicPartition id = new TopicPartition(pipeline.topics().source(), partition.partition());
                    long needed = committed.metadata().recoveryOffset();
                    if (needed > deleted.getOrDefault(id, 0L)) {
                        useless.put(id, RecordsToDelete.beforeOffset(needed));
                    }
                }
            }
        }
        if (useless.isEmpty()) {
            return;
        }
        try {
            Futures.get(admin.get().deleteRecords(useless).all());
            useless.forEach((id, records) -> deleted.put(id, records.beforeOffset()));
        } catch (AuthorizationException e) {
            if (!toldForbidden) {
                log.warn(
                        "Pipeline {}: may not delete what is merged from {}, so the topic grows; allow Delete on it",
                        pipeline.name(),
                        pipeline.topics().source());
                toldForbidden = true;
            }
        } catch (KafkaException e) {
            log.debug("Pipeline {}: could not delete merged records", pipeline.name(), e);
        }
    }
}
