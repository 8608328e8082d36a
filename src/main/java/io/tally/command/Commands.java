package io.tally.command;

import io.tally.command.audit.Audit;
import io.tally.command.check.Check;
import io.tally.command.dryrun.DryRun;
import io.tally.command.explain.Explain;
import io.tally.command.frame.Arguments;
import io.tally.command.frame.Command;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.CommandOutput;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.Progress;
import io.tally.command.frame.UsageException;
import io.tally.command.redrive.Redrive;
import io.tally.pipeline.log.LogException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the command that the first argument names. */
public final class Commands {
    private static final List<String> HELP = List.of("--help", "-h", "help");

    /** The names of the jar's commands. */
    private static final List<String> NAMES = List.of("check", "dry-run", "audit", "explain", "redrive");

    private final List<Command> commands;
    private final PrintStream out;
    private final PrintStream err;

    /** All commands of the jar, with results to {@code out} and everything else to {@code err}. */
    public Commands(PrintStream out, PrintStream err) {
        this(List.of(new Check(), new DryRun(), new Audit(), new Explain(), new Redrive()), out, err);
    }

    Commands(List<Command> commands, PrintStream out, PrintStream err) {
        this.commands = List.copyOf(commands);
        this.out = out;
        this.err = err;
    }

    /**
     * Whether the arguments are for a command, or ask for help. That also holds if properties stand before its name: a
     * user who wants to check before a start must not start the service.
     */
    public static boolean areFor(String[] arguments) {
        return arguments.length > 0
                && (!arguments[0].startsWith("-")
                        || Stream.of(arguments).anyMatch(any -> HELP.contains(any) || NAMES.contains(any)));
    }

    /**
     * Runs the command.
     *
     * @param arguments the command's name first
     * @return how it ended
     */
    public ExitCode run(List<String> arguments) {
        String name = arguments.get(0);
        if (name.startsWith("-") && arguments.stream().noneMatch(HELP::contains)) {
            String all = arguments.stream().filter(NAMES::contains).findFirst().orElse("COMMAND");
            err.println("The command comes first, and options and properties behind it: " + all + " " + name + " ...");
            return ExitCode.USAGE;
        }
        if (name.startsWith("-") || HELP.contains(name)) {
            out.print(Help.ofAll(commands));
            return ExitCode.GOOD;
        }
        Command command = find(name);
        if (command == null) {
            err.print("There is no command '" + name + "'.\n\n" + Help.ofAll(commands));
            return ExitCode.USAGE;
        }
        try {
            Arguments given = Arguments.parse(command.options(), arguments.subList(1, arguments.size()));
            if (given.has("help")) {
                out.print(Help.of(command));
                return ExitCode.GOOD;
            }
            return run(command, given);
        } catch (UsageException e) {
            err.println(sentence(e));
            return ExitCode.USAGE;
        } catch (LogException e) {
            err.println(sentence(e));
            return ExitCode.FAILED;
        } catch (OutOfMemoryError e) {
            err.println("The heap is full (" + e.getMessage() + "). Give the command more of it, with -Xmx.");
            return ExitCode.FAILED;
        } catch (RuntimeException | Error e) {
            // Also if a native library cannot be loaded, for example. Without this the process would end with the code
            // for differences.
            err.println("The command has failed:");
            e.printStackTrace(err);
            return ExitCode.FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private ExitCode run(Command command, Arguments arguments) {
        CommandContext.Configured configured;
        try {
            configured = CommandContext.read(arguments.properties());
        } catch (RuntimeException e) {
            // Spring Boot has said why.
            return ExitCode.USAGE;
        }
        Progress progress = new Progress(err, isTerminal(), System::nanoTime);
        CommandInput input = new CommandInput(
                arguments,
                configured.pipelines().enabled(),
                configured.access(command.name(), text -> tell(progress, text)),
                new CommandOutput(out, progress, arguments.has("json")),
                Instant.now());
        try {
            return command.run(input);
        } finally {
            progress.clear();
        }
    }

    private void tell(Progress progress, String text) {
        progress.clear();
        err.println(text);
    }

    private static String sentence(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith("?") || message.endsWith(".") ? message : message + ".";
    }

    private @Nullable Command find(String name) {
        return commands.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    @SuppressWarnings("SystemConsoleNull") // with newer versions, a bar may be drawn where nobody looks at it
    private static boolean isTerminal() {
        return System.console() != null && !"dumb".equals(System.getenv("TERM"));
    }
}
