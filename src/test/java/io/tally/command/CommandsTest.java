package io.tally.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.command.frame.Command;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.CommandOption;
import io.tally.command.frame.ExitCode;
import io.tally.plan.PipelineDefinition;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Which command runs, with what, and how it ends. */
@ExtendWith(OutputCaptureExtension.class)
class CommandsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<CommandInput> inputs = new ArrayList<>();
    private ExitCode end = ExitCode.GOOD;
    private @Nullable RuntimeException failure;
    private @Nullable Error error;

    private final class Look implements Command {
        @Override
        public String name() {
            return "look";
        }

        @Override
        public String summary() {
            return "Looks around";
        }

        @Override
        public List<CommandOption> options() {
            return List.of(new CommandOption("far", "METRES", "how far it looks"));
        }

        @Override
        public ExitCode run(CommandInput input) {
            inputs.add(input);
            if (failure != null) {
                throw failure;
            }
            if (error != null) {
                throw error;
            }
            PipelineDefinition pipeline = input.pipeline();
            if (input.arguments().has("far")) {
                try (var log = input.access().log(pipeline)) {
                    log.partitions(pipeline.topics().source());
                }
            }
            input.output().line("a line of %s", pipeline.name());
            input.output().json(Map.of("pipeline", pipeline.name()));
            return end;
        }
    }

    private ExitCode run(String... arguments) {
        return new Commands(List.of(new Look()), new PrintStream(out, true), new PrintStream(err, true))
                .run(List.of(arguments));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void optionsAndNothingAreForTheService() {
        assertThat(Commands.areFor(new String[0])).isFalse();
        assertThat(Commands.areFor(new String[] {"--server.port=0", "look"})).isFalse();
        assertThat(Commands.areFor(new String[] {"look"})).isTrue();
        assertThat(Commands.areFor(new String[] {"--help"})).isTrue();
        assertThat(Commands.areFor(new String[] {"--server.port=0", "--help"})).isTrue();
    }

    /** Nobody who wants to look before a start must start the service. */
    @ParameterizedTest
    @ValueSource(strings = {"check", "dry-run", "audit", "explain", "redrive"})
    void saysThatACommandComesFirst(String name) {
        String[] arguments = {"--server.port=0", name, "--json"};
        assertThat(Commands.areFor(arguments)).isTrue();

        ExitCode code = new Commands(new PrintStream(out, true), new PrintStream(err, true)).run(List.of(arguments));
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("The command comes first", name + " --server.port=0");
        assertThat(out()).isEmpty();
    }

    @Test
    void runsWithTheConfigurationOfTheService(CapturedOutput all) {
        ExitCode code = run("look", "--spring.kafka.bootstrap-servers=there:1", "--tally.pipelines.ip-count.lanes=3");

        assertThat(code).isEqualTo(ExitCode.GOOD);
        assertThat(out()).isEqualTo("a line of ip-count" + System.lineSeparator());
        assertThat(err()).isEmpty();
        assertThat(all.getAll()).as("what is logged").isEmpty();
        CommandInput input = inputs.get(0);
        assertThat(input.pipeline().lanes()).isEqualTo(3);
        assertThat(input.access().clients(input.pipeline()).consumer())
                .containsEntry("bootstrap.servers", List.of("there:1"));
        assertThat(input.access().startsAtEnd(input.pipeline())).isFalse();
    }

    @Test
    void givesProgramsOnlyJson() {
        assertThat(run("look", "--json", "--pipeline", "ip-count")).isEqualTo(ExitCode.GOOD);

        assertThat(out()).isEqualTo("{\"pipeline\":\"ip-count\"}" + System.lineSeparator());
    }

    @Test
    void endsAsTheCommandDoes() {
        end = ExitCode.FOUND;

        assertThat(run("look").number()).isEqualTo(1);
    }

    @Test
    void helps() {
        assertThat(run("--help")).isEqualTo(ExitCode.GOOD);
        assertThat(out()).contains("look       Looks around", "Exit codes: 0 good, 1 ");
        out.reset();

        assertThat(run("look", "--help", "--spring.kafka.bootstrap-servers=")).isEqualTo(ExitCode.GOOD);
        assertThat(out()).contains("--far=METRES", "how far it looks", "--pipeline=NAME", "--json");
        assertThat(inputs).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("lok")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("There is no command 'lok'", "look ");
        err.reset();

        assertThat(run("look", "--wide")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("There is no option --wide");
        err.reset();

        assertThat(run("look", "around")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("'around' is no option");
        err.reset();

        assertThat(run("look", "--far", "--json")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("The option --far needs a value: --far=METRES");
        err.reset();

        assertThat(run("look", "--pipeline=other")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("There is no enabled pipeline 'other'. The enabled ones are: ip-count.");
        assertThat(out()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithTheConfiguration(CapturedOutput all) {
        assertThat(run("look", "--tally.pipelines.ip-count.lanes=none")).isEqualTo(ExitCode.USAGE);

        assertThat(out()).isEmpty();
        assertThat(all.getAll()).contains("tally.pipelines.ip-count.lanes").doesNotContain("\tat ");
    }

    @Test
    void asksWhichOfSeveralPipelines() {
        String[] another = {
            "look",
            "--tally.pipelines.clicks.source.topic=clicks",
            "--tally.pipelines.clicks.source.columns=user,url",
            "--tally.pipelines.clicks.window.size=1m",
            "--tally.pipelines.clicks.sink.topic=clicks-per-minute"
        };
        assertThat(run(another)).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("Several pipelines are enabled: ip-count, clicks. Choose one with --pipeline=NAME.");
    }

    /** Java itself would end with the code for differences. */
    @Test
    void failsIfTheCommandBreaks() {
        failure = new IllegalStateException("a bug");

        assertThat(run("look")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).startsWith("The command has failed:").contains("a bug", "CommandsTest");
        assertThat(out()).isEmpty();
    }

    @Test
    void failsIfSomethingIsMissing() {
        error = new UnsatisfiedLinkError("no native library");

        assertThat(run("look")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).startsWith("The command has failed:").contains("no native library");
    }

    /** Nothing listens at this port. */
    @Test
    void saysThatTheBrokerDoesNotAnswer() {
        ExitCode code = run(
                "look",
                "--far=1",
                "--spring.kafka.bootstrap-servers=localhost:1",
                "--spring.kafka.admin.properties.default.api.timeout.ms=1000",
                "--spring.kafka.admin.properties.request.timeout.ms=1000");

        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("No answer from the broker at [localhost:1]", "the topic ip_count_source");
        assertThat(out()).isEmpty();
    }
}
