package io.tally.config;

import io.tally.kafka.topic.TopicProblemException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a start that was refused because the configuration contradicts the topics at the broker. */
final class TopicProblemFailureAnalyzer extends AbstractFailureAnalyzer<TopicProblemException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, TopicProblemException cause) {
        return new FailureAnalysis(cause.problem(), cause.remedy(), cause);
    }
}
