package io.tally.command.redrive;

import io.tally.command.frame.Arguments;
import io.tally.command.frame.Command;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.CommandOption;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.Place;
import io.tally.command.frame.Progress;
import io.tally.command.frame.UsageException;
import io.tally.command.recount.RedriveMark;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.LogWriter;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings late records and dead letters into rows that have left, as revisions, exactly once. */
public final class Redrive implements Command {
    private static final long MOST_SHOWN = 10;

    private final int mostRows;

    /** A redrive with as many rows at a time as memory takes well. */
    public Redrive() {
        this(Planner.MOST_ROWS);
    }

    /** @param mostRows about how many rows are corrected with one reading of the source, at least 1 */
    public Redrive(int mostRows) {
        this.mostRows = mostRows;
    }

    @Override
    public String name() {
        return "redrive";
    }

    @Override
    public String summary() {
        return "Counts late records and dead letters after all, and writes corrected rows";
    }

    @Override
    public String details() {
        return "It goes on where the last redrive has stopped. A row is counted again from the source, compared with the"
                + " one in\nthe sink, and leaves with the next revision, in one transaction with how far it has got. Exit"
                + " code 1 means that\nit has stopped before a record that it cannot count, and says why.";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                new CommandOption("until", "PLACE", "end there: an offset, a time of writing, or end; default: end"),
                new CommandOption("topic", "NAME", "only late or only dead-letters; default: both"),
                CommandOption.flag("dry-run", "write nothing, and say what would be written"),
                CommandOption.flag("overwrite", "rows have no revision, and all readers keep the last one"),
                CommandOption.flag("skip-unreadable", "put what cannot be read at the end of its topic, and go on"),
                CommandOption.flag("skip-refused", "put what cannot be counted exactly there, and go on"),
                new CommandOption("rows", "N", "how many corrected rows are shown; default: 10"),
                CommandOption.flag("show-values", "show keys and rows"));
    }

    @Override
    public ExitCode run(CommandInput input) {
        PipelineDefinition pipeline = input.pipeline();
        Arguments arguments = input.arguments();
        boolean isDry = arguments.has("dry-run");
        Windowing windowing = Redrivable.require(pipeline, arguments.has("overwrite") || isDry);
        Place end = Place.parse(arguments, "until", Place.END, input.now());
        String topic = topic(pipeline, arguments.text("topic"));
        // Before it takes the place of another redrive.
        long most = arguments.number("rows", MOST_SHOWN, 0);
        Progress progress = input.output().progress();
        try (LogReader log = input.access().log(pipeline);
                LogWriter writer = isDry
                        ? null
                        : input.access().writer(pipeline, RedriveMark.transactionalId(pipeline.groupId()))) {
            if (writer != null) {
                // Before anything is looked at: what an earlier redrive has left undecided is decided then.
                writer.begin();
            }
            Reach reach = Reach.of(pipeline, log);
            SidePlaces places = SidePlaces.of(pipeline, end, topic, log, progress);
            RedriveTotals totals = new RedriveTotals(places, most);
            RedriveReport report = new RedriveReport(pipeline, windowing, totals, isDry, arguments.has("show-values"));
            boolean isDone = false;
            try {
                new Redriver(
                                pipeline,
                                windowing,
                                input.now(),
                                log,
                                writer,
                                progress,
                                totals,
                                places,
                                reach,
                                skipped(arguments),
                                mostRows)
                        .run();
                isDone = true;
            } finally {
                report.print(input.output(), isDone);
            }
            return totals.stops.isEmpty() ? ExitCode.GOOD : ExitCode.FOUND;
        }
    }

    private static Set<Obstacle.Kind> skipped(Arguments arguments) {
        Set<Obstacle.Kind> skipped = EnumSet.noneOf(Obstacle.Kind.class);
        if (arguments.has("skip-unreadable")) {
            skipped.add(Obstacle.Kind.UNREADABLE);
        }
        if (arguments.has("skip-refused")) {
            skipped.add(Obstacle.Kind.REFUSED);
        }
        return skipped;
    }

    private static @Nullable String topic(PipelineDefinition pipeline, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "late" -> pipeline.topics().late();
            case "dead-letters" -> pipeline.topics().deadLetter();
            default -> throw new UsageException("--topic is '" + text + "', and can be late or dead-letters");
        };
    }
}
