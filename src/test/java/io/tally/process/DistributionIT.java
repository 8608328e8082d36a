package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unpacked distribution, as far as it needs no broker; the other tests of processes run it with one. LauncherTest
 * has the cases of its script.
 */
class DistributionIT {
    private record Result(int code, String out, String err) {}

    @TempDir
    Path directory;

    @Test
    void hasWhatAUserLooksFor() {
        Path home = Distribution.home();

        assertThat(Stream.of("bin/tally", "conf/application.yml", "conf/reference.yml", "lib/tally.jar", "LICENSE")
                        .map(home::resolve))
                .allMatch(Files::isReadable);
        assertThat(Path.of("application.yml")).hasSameTextualContentAs(home.resolve("conf/reference.yml"));
    }

    @Test
    void runsCommands() throws Exception {
        Result help = run(Map.of(), "--help");

        assertThat(help.code).isZero();
        assertThat(help.out).startsWith("Usage").contains("audit").contains("dry-run");
        assertThat(help.err).isEmpty();
    }

    @Test
    void startsWithADamagedArchiveAndSaysSo() throws Exception {
        Path archive = archive();
        byte[] bytes = Files.readAllBytes(archive);
        Files.write(directory.resolve(archive.getFileName()), Arrays.copyOf(bytes, bytes.length / 2));

        Result help = run(Map.of("TALLY_CACHE", directory.toString()), "--help");

        assertThat(help.code).isZero();
        assertThat(help.out).startsWith("Usage");
        assertThat(help.err).contains(archive.getFileName() + " is damaged");
    }

    /** The steps of the container image, in a directory. */
    @Test
    void isDividedIntoLayersThatAddUpToIt() throws Exception {
        Path layers = directory.resolve("layers");

        Process divide = new ProcessBuilder(
                        "sh", "deploy/container/layers.sh", Distribution.file().toString(), layers.toString())
                .inheritIO()
                .start();

        assertThat(divide.waitFor()).isZero();
        assertThat(names(layers.resolve("application/lib"))).containsExactly("tally.jar");
        Set<String> both = names(layers.resolve("libraries/lib"));
        assertThat(both.add("tally.jar")).isTrue();
        assertThat(both).isEqualTo(names(Distribution.home().resolve("lib")));
        assertThat(layers.resolve("application/bin/tally")).isExecutable();
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Path archive() throws IOException {
        try (Stream<Path> files = Files.list(Distribution.home().resolve("cache"))) {
            return files.filter(file -> file.toString().matches(".*\\.(jsa|aot)"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Distribution.launcher().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Distribution.environment());
        builder.environment().putAll(environment);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int code = process.waitFor();
        return new Result(code, Files.readString(out), Files.readString(err));
    }
}
