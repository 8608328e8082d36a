package io.tally.kafka.topic;

/** The topics are not as a pipeline needs them: what was found, and what to do about it. */
public final class TopicProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;
    private final boolean contradiction;

    private TopicProblemException(String problem, String remedy, boolean contradiction) {
        super(problem + " Remedy: " + remedy);
        this.problem = problem;
        this.remedy = remedy;
        this.contradiction = contradiction;
    }

    /** Something at the broker is missing or wrong; somebody may put it right while the pipeline waits. */
    static TopicProblemException waiting(String problem, String remedy) {
        return new TopicProblemException(problem, remedy, false);
    }

    /** The configuration itself contradicts the topics: the application must not start like this. */
    static TopicProblemException contradiction(String problem, String remedy) {
        return new TopicProblemException(problem, remedy, true);
    }

    /**
     * A topic that Tally does not create is missing.
     *
     * @param property full name of the property that names it
     */
    static TopicProblemException missing(String topic, String role, String property) {
        return waiting(
                "The " + role + " topic " + topic + " (" + property + ") does not exist.",
                "create it, and the pipeline goes on by itself: kafka-topics.sh --bootstrap-server HOST:PORT --create"
                        + " --topic " + topic + " --partitions 4 --replication-factor 3 (1 on a single broker);"
                        + " or correct the name.");
    }

    public String problem() {
        return problem;
    }

    public String remedy() {
        return remedy;
    }

    public boolean isContradiction() {
        return contradiction;
    }
}
