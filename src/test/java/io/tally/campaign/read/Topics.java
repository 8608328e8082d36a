package io.tally.campaign.read;

/**
 * The names that belong to a pipeline without names of its own.
 *
 * @param pipeline its name
 */
public record Topics(String pipeline) {
    public String source() {
        return pipeline + "-source";
    }

    public String sink() {
        return pipeline + "-sink";
    }

    public String late() {
        return source() + "-" + pipeline + "-late";
    }

    public String dead() {
        return source() + "-" + pipeline + "-dlt";
    }

    public String state() {
        return group() + "-" + source() + "-state";
    }

    public String mergeState() {
        return state() + "-merge";
    }

    public String group() {
        return "tally-" + pipeline;
    }

    /** Whether a topic of the cluster is the pipeline's. */
    public boolean owns(String topic) {
        return topic.startsWith(pipeline + "-") || topic.startsWith(group() + "-");
    }
}
