package io.tally.config.problem;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Explains a file that cannot be read as YAML, most often for want of quotes; Spring Boot would print a stack trace.
 */
final class YamlFailureAnalyzer extends AbstractFailureAnalyzer<MarkedYAMLException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MarkedYAMLException cause) {
        @Nullable Mark mark = cause.getProblemMark() == null ? cause.getContextMark() : cause.getProblemMark();
        String place = mark == null
                ? ""
                : ", in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ":\n\n"
                        + mark.get_snippet();
        return new FailureAnalysis(
                "A file of the configuration is no YAML: " + cause.getProblem() + place,
                "Correct the file and start again. A text with braces, brackets, a colon, a hash or a backslash in it goes into"
                        + " single quotes: template: '{start} {key} {count}'. Lines begin with blanks, not with tabs. The file"
                        + " is application.yml in the working directory or in config, or one that spring.config.location,"
                        + " spring.config.additional-location or spring.config.import names.",
                cause);
    }
}
