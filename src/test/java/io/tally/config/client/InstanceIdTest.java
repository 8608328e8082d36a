package io.tally.config.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tally.config.PropertiesConfiguration;
import io.tally.config.problem.InvalidConfigurationException;
import io.tally.config.property.TallyProperties;
import io.tally.pipeline.status.DataVisibility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceIdTest {
    @TempDir
    Path directory;

    @Test
    void takesTheLowestFreeSlot() throws IOException {
        InstanceId first = InstanceId.ofSlot("host", directory);
        assertThat(first.value()).isEqualTo("host-0");
        try (InstanceId second = InstanceId.ofSlot("host", directory)) {
            assertThat(second.value()).isEqualTo("host-1");

            first.close();

            try (InstanceId restarted = InstanceId.ofSlot("host", directory)) {
                assertThat(restarted.value()).isEqualTo("host-0");
            }
        }
    }

    @Test
    void keepsOutOfTheSlotsOfOtherProcessesUntilTheyAreKilled() throws Exception {
        try (Holder other = new Holder(directory)) {
            assertThat(other.id()).isEqualTo("host-0");
            try (InstanceId own = InstanceId.ofSlot("host", directory)) {
                assertThat(own.value()).isEqualTo("host-1");
            }

            other.kill();

            try (InstanceId successor = InstanceId.ofSlot("host", directory)) {
                assertThat(successor.value()).isEqualTo("host-0");
            }
        }
    }

    /** POSIX releases a process's lock on a file as soon as it closes any descriptor of that file. */
    @Test
    void keepsItsSlotWhenAnotherPartOfTheProcessTriesIt() throws Exception {
        try (InstanceId first = InstanceId.ofSlot("host", directory);
                InstanceId second = InstanceId.ofSlot("host", directory);
                Holder other = new Holder(directory)) {
            assertThat(first.value()).isEqualTo("host-0");
            assertThat(second.value()).isEqualTo("host-1");
            assertThat(other.id()).isEqualTo("host-2");
        }
    }

    @Test
    void makesAnIdOfAnyHostName() throws IOException {
        try (InstanceId odd = InstanceId.ofSlot("höst name" + "x".repeat(100), directory)) {
            assertThat(odd.value()).startsWith("h-st-namex").hasSize(92);
            assertThat(InstanceId.isValid(odd.value())).isTrue();
        }
    }

    @Test
    void mustBeSetWhereNoSlotCanBeLocked() {
        Path missing = directory.resolve("missing");

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> PropertiesConfiguration.instanceId(
                        new TallyProperties(
                                null,
                                new TallyProperties.PageProperties(true, DataVisibility.HIDE),
                                new TallyProperties.TracingProperties(false, 8),
                                Map.of()),
                        missing))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.property()).isEqualTo("tally.instance-id"))
                        .satisfies(problem -> assertThat(problem.reason())
                                .startsWith("must be set")
                                .contains(missing.toString(), "NoSuchFileException")));
    }

    @Test
    void isWhatWasConfigured() {
        assertThat(InstanceId.of("tally-0.eu_1").value()).isEqualTo("tally-0.eu_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "ä"})
    void refusesOtherCharacters(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstanceId.of(value))
                .withMessageContaining("'" + value + "'");
    }

    /** Another process that takes a slot and keeps it until it is killed. */
    private static final class Holder implements AutoCloseable {
        private final Process process;
        private final String id;

        Holder(Path directory) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "src/test/resources/io/tally/config/client/SlotHolder.java",
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            id = process.inputReader(StandardCharsets.UTF_8).readLine();
        }

        String id() {
            return id;
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
