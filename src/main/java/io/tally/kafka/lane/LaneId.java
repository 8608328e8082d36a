package io.tally.kafka.lane;

import io.tally.plan.KafkaPipeline;

/** Which lane it is, as the log calls it. */
record LaneId(KafkaPipeline pipeline, int number) {
    String pipelineName() {
        return pipeline.name();
    }

    String transactionalId() {
        return pipeline.transactionalId(number);
    }

    @Override
    public String toString() {
        return "Pipeline " + pipeline.name() + ", lane " + number;
    }
}
