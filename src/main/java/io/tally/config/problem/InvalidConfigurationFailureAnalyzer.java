package io.tally.config.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Lists all problems of an {@link InvalidConfigurationException}. It comes before Spring Boot's analyzer of bind
 * failures, which would see the same exceptions and print only the outermost message.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigurationException cause) {
        List<ConfigurationProblem> problems = cause.problems();
        StringBuilder description = new StringBuilder(
                problems.size() == 1
                        ? "The configuration has a problem:"
                        : "The configuration has " + problems.size() + " problems:");
        problems.forEach(problem -> describe(problem, description));
        return new FailureAnalysis(
                description.toString(),
                "Correct the " + (problems.size() == 1 ? "property" : "properties") + " above and start again."
                        + " Every property is explained in the packaged application.yml.",
                cause);
    }

    private static void describe(ConfigurationProblem problem, StringBuilder description) {
        line("\n    Property", problem.property(), description);
        line("    Value", problem.value() == null ? null : "\"" + problem.value() + "\"", description);
        line("    Origin", problem.origin(), description);
        line("    Reason", problem.reason(), description);
        line("    Example", problem.example(), description);
    }

    private static void line(String label, @Nullable String text, StringBuilder description) {
        if (text != null) {
            description.append('\n').append(label).append(": ").append(text);
        }
    }
}
