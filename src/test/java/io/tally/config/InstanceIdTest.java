package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("host-0");
            try (InstanceId own = InstanceId.ofSlot("host", directory)) {
                assertThat(own.value()).isEqualTo("host-1");
            }

            other.destroyForcibly();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();

            try (InstanceId successor = InstanceId.ofSlot("host", directory)) {
                assertThat(successor.value()).isEqualTo("host-0");
            }
        } finally {
            other.destroyForcibly();
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
    void explainsADirectoryThatCannotHoldLocks() {
        Path missing = directory.resolve("missing");

        assertThatIllegalStateException()
                .isThrownBy(() -> InstanceId.ofSlot("host", missing))
                .withMessageContaining(missing.toString())
                .withMessageContaining("set tally.instance-id");
        assertThat(Files.exists(missing)).isFalse();
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

    /** Another process: takes a slot, says which, and stays until it is killed. */
    static final class Holder {
        private Holder() {}

        @SuppressWarnings("resource") // to be killed with it
        public static void main(String[] arguments) throws IOException {
            System.out.println(InstanceId.ofSlot("host", Path.of(arguments[0])).value());
            System.in.read();
        }
    }
}
