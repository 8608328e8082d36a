package io.tally.kafka.topic;

import io.tally.plan.cluster.Finding;
import org.jspecify.annotations.Nullable;

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

    /** The same by a rule. */
    static TopicProblemException waiting(Finding finding) {
        return waiting(finding.text(), finding.remedy());
    }

    /** The same by a rule. */
    static TopicProblemException contradiction(Finding finding) {
        return contradiction(finding.text(), finding.remedy());
    }

    /** Nothing, or the problem that a rule has found. */
    static void throwIf(@Nullable Finding finding) {
        if (finding != null) {
            throw waiting(finding);
        }
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
