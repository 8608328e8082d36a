package io.tally.kafka;

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

    /** Something at the broker is missing or wrong, and may be put right while we wait. */
    static TopicProblemException waiting(String problem, String remedy) {
        return new TopicProblemException(problem, remedy, false);
    }

    /** The configuration itself contradicts the topics: the application must not start like this. */
    static TopicProblemException contradiction(String problem, String remedy) {
        return new TopicProblemException(problem, remedy, true);
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
