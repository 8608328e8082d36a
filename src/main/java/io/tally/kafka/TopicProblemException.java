package io.tally.kafka;

/** The topics are not as a pipeline needs them. The message says what was found and what to do. */
public final class TopicProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean contradiction;

    private TopicProblemException(String message, boolean contradiction) {
        super(message);
        this.contradiction = contradiction;
    }

    /** Something at the broker is missing or wrong, and may be put right while we wait. */
    static TopicProblemException waiting(String problem, String remedy) {
        return new TopicProblemException(problem + " Remedy: " + remedy, false);
    }

    /** The configuration itself contradicts the topics: the application must not start like this. */
    static TopicProblemException contradiction(String problem, String remedy) {
        return new TopicProblemException(problem + " Remedy: " + remedy, true);
    }

    public boolean isContradiction() {
        return contradiction;
    }
}
