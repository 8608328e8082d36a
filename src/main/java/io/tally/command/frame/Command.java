package io.tally.command.frame;

import java.util.List;

/**
 * A command of the jar. It reads and writes nothing in Kafka, unless its page in the documentation says otherwise, and
 * may run beside instances of the pipeline.
 */
public interface Command {
    /** The first argument that stands for it. */
    String name();

    /** What it does, in one line without a full stop. */
    String summary();

    /** What a user should know beside the options: lines of at most 100 characters; "" if nothing. */
    default String details() {
        return "";
    }

    /** Its options beside those of all commands ({@link Arguments#COMMON}). */
    List<CommandOption> options();

    /**
     * Runs it.
     *
     * @throws UsageException if the arguments or the configuration do not allow it
     * @throws io.tally.pipeline.log.LogException if a broker does not answer or does not allow it
     */
    ExitCode run(CommandInput input);
}
