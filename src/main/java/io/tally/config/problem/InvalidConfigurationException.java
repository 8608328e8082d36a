package io.tally.config.problem;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. It tells everything that is wrong. */
@SuppressWarnings("serial") // never leaves the process
public final class InvalidConfigurationException extends RuntimeException {
    private final List<ConfigurationProblem> problems;

    InvalidConfigurationException(List<ConfigurationProblem> problems) {
        super(problems.stream()
                .map(problem -> problem.property() + ": " + problem.reason())
                .collect(Collectors.joining("; ", "invalid configuration: ", "")));
        this.problems = List.copyOf(problems);
    }

    public List<ConfigurationProblem> problems() {
        return problems;
    }
}
