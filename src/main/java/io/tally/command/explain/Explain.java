package io.tally.command.explain;

import io.tally.command.frame.Arguments;
import io.tally.command.frame.Command;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.CommandOption;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.Place;
import io.tally.command.frame.UsageException;
import io.tally.command.recount.Patience;
import io.tally.command.recount.Recountable;
import io.tally.pipeline.log.LogReader;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which records made a row, or why there is none yet. */
public final class Explain implements Command {
    private static final long MOST_RECORDS = 5;
    private static final long MOST_ALLOWED = 10_000;

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String summary() {
        return "Says which records made a row, or why there is none yet";
    }

    @Override
    public String details() {
        return """
                It reads the source around the window, counts again, and compares with the row in the sink;
                if they differ, it reads on, in the end everything. TIME is ISO-8601, as 2026-01-31T12:00:00Z,
                or a date for its beginning in UTC. Exit code 1 means that the sink has something else than the
                source gives.""";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                new CommandOption(
                        "key", "KEY", "the group key, without escapes of text rows; of several fields [\"a\",\"b\"]"),
                new CommandOption("window", "TIME", "when the window begins (event time)"),
                new CommandOption("end", "TIME", "when it ends; only needed where several windows begin together"),
                new CommandOption("records", "N", "show the first and the last N records of each kind; default: 5"),
                CommandOption.flag("whole", "read all of source and sink at once"),
                CommandOption.flag("show-values", "show rows"));
    }

    @Override
    public ExitCode run(CommandInput input) {
        PipelineDefinition pipeline = input.pipeline();
        Arguments arguments = input.arguments();
        Windowing windowing = new Recountable(pipeline, "explained").require();
        String end = arguments.text("end");
        Question question = Question.of(
                windowing,
                required(arguments, "key"),
                Place.time("window", required(arguments, "window"), input.now()),
                end == null ? null : (Long) Place.time("end", end, input.now()));
        int most = (int) Math.min(MOST_ALLOWED, arguments.number("records", MOST_RECORDS, 1));
        Explanation answer;
        try (LogReader log = input.access().log(pipeline)) {
            RowExplainer explainer = new RowExplainer(
                    pipeline,
                    windowing,
                    question,
                    input.now(),
                    log,
                    input.output().progress(),
                    Patience.ENDLESS,
                    most);
            answer = Answer.of(explainer.explain(arguments.has("whole")), arguments.has("show-values"));
        }
        new ExplainReport(answer, pipeline.topics().source()).print(input.output());
        return switch (answer.verdict()) {
            case EXPLAINED, OPEN, NOT_COUNTED -> ExitCode.GOOD;
            case DIFFERENT -> ExitCode.FOUND;
            case UNKNOWN -> ExitCode.FAILED;
        };
    }

    private static String required(Arguments arguments, String option) {
        @Nullable String text = arguments.text(option);
        if (text == null || text.isEmpty()) {
            throw new UsageException("--" + option + " is missing. For example: explain --key=10.0.0.7"
                    + " --window=2026-01-31T12:00:00Z");
        }
        return text;
    }
}
