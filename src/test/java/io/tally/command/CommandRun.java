package io.tally.command;

import io.tally.command.frame.Arguments;
import io.tally.command.frame.Command;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.CommandOutput;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.PipelineAccess;
import io.tally.command.frame.Progress;
import io.tally.config.PipelineDefinitions;
import io.tally.config.Startup;
import io.tally.kafka.client.ClientSettings;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.LogWriter;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.ClusterReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command run on topics in memory.
 *
 * @param code how it ended
 * @param text what it printed
 */
public record CommandRun(ExitCode code, String text) {
    /** Of a pipeline with the packaged configuration but for these properties. */
    public static PipelineDefinition pipeline(String... properties) {
        List<PipelineDefinition> found = new ArrayList<>();
        Startup.packaged(
                context ->
                        found.addAll(context.getBean(PipelineDefinitions.class).enabled()),
                properties);
        return found.get(0);
    }

    /** Runs it with these options. */
    public static CommandRun of(Command command, PipelineDefinition pipeline, LogReader log, String... options) {
        return of(command, pipeline, reading(log), options);
    }

    /** Topics that are only read. */
    public static PipelineAccess reading(LogReader log) {
        return access(log, new NoWriter());
    }

    /** Runs it with these options on a cluster. */
    public static CommandRun of(
            Command command, PipelineDefinition pipeline, PipelineAccess access, String... options) {
        return of(command, pipeline, access, Instant.parse("2026-01-31T12:00:00Z"), options);
    }

    /** Runs it then with these options on a cluster. */
    public static CommandRun of(
            Command command, PipelineDefinition pipeline, PipelineAccess access, Instant now, String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
        Arguments arguments = Arguments.parse(command.options(), List.of(options));
        ExitCode code = command.run(new CommandInput(
                arguments,
                List.of(pipeline),
                access,
                new CommandOutput(
                        new PrintStream(out, true),
                        new Progress(nowhere, false, System::nanoTime),
                        arguments.has("json")),
                now));
        return new CommandRun(code, out.toString(StandardCharsets.UTF_8));
    }

    /** Topics in memory, with a writer that may be asked for. */
    public static PipelineAccess access(LogReader log, LogWriter writer) {
        return new PipelineAccess() {
            @Override
            public ClientSettings clients(PipelineDefinition pipeline) {
                throw new AssertionError("a command that reads logs needs no clients");
            }

            @Override
            public boolean startsAtEnd(PipelineDefinition pipeline) {
                return false;
            }

            @Override
            public LogReader log(PipelineDefinition pipeline) {
                return log;
            }

            @Override
            public LogWriter writer(PipelineDefinition pipeline, String transactionalId) {
                return writer;
            }

            @Override
            public ClusterReader cluster(PipelineDefinition pipeline) {
                throw new AssertionError("a command that reads logs needs no facts about the cluster");
            }
        };
    }

    /** Of commands that only read. */
    private static final class NoWriter implements LogWriter {
        @Override
        public void begin() {
            throw new AssertionError("a command that reads logs writes nothing");
        }

        @Override
        public void commit(List<Output> outputs, String group, String topic, int partition, CommittedOffset offset) {
            throw new AssertionError("a command that reads logs writes nothing");
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }

    /** What it printed, as JSON. */
    public JsonNode json() {
        return new JsonMapper().readTree(text);
    }
}
