package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/tally}, with a script in place of Java that says how it was called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/tally is a script of a POSIX shell")
class LauncherTest {
    private static final String JAVA = """
            #!/bin/sh
            [ "$1" = -version ] && { printf '%s\\n' "$FAKE_VERSION" >&2; exit 0; }
            for argument; do
              case $argument in
                -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*)
                  echo "training $*" >>"$FAKE_LOG"
                  [ -n "${FAKE_FAILURE:-}" ] && { echo "$FAKE_FAILURE"; exit 1; }
                  echo classes >"${argument#*=}"
                  exit 0 ;;
              esac
            done
            echo "pid $$"
            for argument; do printf '%s\\n' "$argument"; done
            """;
    /** What the script may use, besides the shell's own. */
    private static final List<String> TOOLS = List.of(
            "sh",
            "sed",
            "cat",
            "cksum",
            "dirname",
            "readlink",
            "tr",
            "cut",
            "find",
            "mkdir",
            "chmod",
            "mv",
            "rm",
            "ln",
            "nice",
            "df",
            "dd",
            "wc",
            "sleep");

    private record Result(int code, String out, String err, long pid) {
        List<String> arguments() {
            return out.lines().skip(1).toList();
        }

        String archive() {
            return arguments().stream()
                    .filter(argument ->
                            argument.startsWith("-XX:SharedArchiveFile=") || argument.startsWith("-XX:AOTCache="))
                    .findFirst()
                    .orElse("none");
        }
    }

    @TempDir
    Path directory;

    private Path home;
    private Path java;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void unpack() throws IOException {
        // As the JVM and the shell see it, where the temporary directory is a link.
        directory = directory.toRealPath();
        home = directory.resolve("tally of ours");
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(home.resolve("bin"));
        executable(home.resolve("bin/tally"), Files.readString(Path.of("src/main/dist/bin/tally")));
        Files.writeString(home.resolve("lib/tally.jar"), "a jar");
        java = install("17.0.15+6");
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : TOOLS) {
            Path found = Stream.of("/bin", "/usr/bin")
                    .map(place -> Path.of(place, tool))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            executable(tools.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
        }
        environment.put("PATH", tools.toString());
        environment.put("HOME", directory.resolve("user").toString());
        environment.put("FAKE_LOG", directory.resolve("log").toString());
        environment.put("JAVA_HOME", java.toString());
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** Gives the Java's directory. */
    private Path install(String version) throws IOException {
        Path place = directory.resolve("java " + version);
        Files.createDirectories(place.resolve("bin"));
        executable(place.resolve("bin/java"), JAVA);
        Files.writeString(place.resolve("release"), "IMPLEMENTOR=\"N 4\"\nJAVA_RUNTIME_VERSION=\"" + version + "\"\n");
        return place;
    }

    @Test
    void passesArgumentsOnAsTheyAre() throws Exception {
        environment.put("JAVA_OPTS", "-Xmx1g  -Da=*");

        Result result = tally("check", "--topic=a b", "*", "");

        assertThat(result.arguments())
                .containsSubsequence(
                        "-Dspring.config.additional-location=optional:file:" + home + "/conf/",
                        "-Xmx1g",
                        "-Da=*",
                        "-cp",
                        home + "/lib/tally.jar",
                        "io.tally.TallyApplication",
                        "check",
                        "--topic=a b",
                        "*",
                        "");
        assertThat(result.err).isEmpty();
    }

    /** The last of two options holds. */
    @Test
    void letsTheOptimizingCompilerBeginLaterUnlessOneSaysWhen() throws Exception {
        environment.put("JAVA_OPTS", "-XX:Tier4InvocationThreshold=5000");

        assertThat(tally("check").arguments())
                .containsSubsequence("-XX:Tier4InvocationThreshold=250000", "-XX:Tier4InvocationThreshold=5000");
    }

    @Test
    void becomesTheJvmSoThatSignalsReachIt() throws Exception {
        Result result = tally("check");

        assertThat(result.out).startsWith("pid " + result.pid + "\n");
    }

    @Test
    void worksThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("tools/tally"), home.resolve("bin/tally"));

        Result result = run(List.of(link.toString(), "check"));

        assertThat(result.arguments()).contains(home + "/lib/tally.jar");
    }

    @Test
    void addsTheJarsOfPlugins() throws IOException, InterruptedException {
        Files.createDirectories(home.resolve("plugins"));
        Files.writeString(home.resolve("plugins/mean.jar"), "");

        assertThat(tally("check").arguments()).contains(home + "/lib/tally.jar:" + home + "/plugins/mean.jar");
    }

    @Test
    void saysWhatToDoWithoutJava() throws Exception {
        environment.remove("JAVA_HOME");

        Result result = tally("check");

        assertThat(result.code).isEqualTo(3);
        assertThat(result.err).contains("found no Java").contains("JAVA_HOME").contains("PATH");
    }

    @Test
    void saysThatJavaHomeIsNone() throws Exception {
        environment.put("JAVA_HOME", "/nowhere");

        assertThat(tally("check").err).contains("JAVA_HOME is /nowhere").contains("no bin/java in it");
    }

    @Test
    void refusesAnOldJava() throws Exception {
        environment.put("JAVA_HOME", install("11.0.2+9").toString());
        assertThat(tally().err).contains("is Java 11.0.2+9, but Tally needs 17 or later");

        Files.delete(java.resolve("release"));
        environment.put("JAVA_HOME", java.toString());
        environment.put("FAKE_VERSION", "Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"1.8.0_402\"");
        Result result = tally();
        assertThat(result.code).isEqualTo(3);
        assertThat(result.err).contains("is Java 1.8.0_402, but");
    }

    @Test
    void takesTheJavaOfThePath() throws Exception {
        environment.remove("JAVA_HOME");
        Files.createSymbolicLink(directory.resolve("tools/java"), java.resolve("bin/java"));

        assertThat(tally("check").code).isZero();
    }

    @Test
    void makesTheArchiveBesideTheFirstStart() throws Exception {
        Result first = tally("--a=b");
        assertThat(first.archive()).isEqualTo("none");
        awaitArchives(1);

        Result second = tally("--a=b");

        assertThat(second.archive()).startsWith("-XX:SharedArchiveFile=" + home + "/cache/");
        assertThat(second.err).isEmpty();
        assertThat(trainings()).isEqualTo(1);
    }

    @Test
    void doesNotMakeOneForACommand() throws Exception {
        assertThat(tally("check").archive()).isEqualTo("none");
        assertThat(tally("--help").archive()).isEqualTo("none");
        assertThat(home.resolve("cache").resolve("any")).doesNotExist();

        tally("prepare");

        assertThat(tally("check").archive()).contains("/cache/");
        assertThat(trainings()).isEqualTo(1);
    }

    @Test
    void makesOneAnewForAnotherJavaOrTally() throws Exception {
        tally("prepare");
        String first = tally("check").archive();

        environment.put("JAVA_HOME", install("25.0.3+9").toString());
        assertThat(tally("check").archive()).isEqualTo("none");
        tally("prepare");
        Result withCache = tally("check");
        assertThat(withCache.archive())
                .startsWith("-XX:AOTCache=")
                .endsWith(".aot")
                .isNotEqualTo(first);
        // The JVM does not take it where modules are opened that were not in the training run.
        assertThat(List.of(withCache.out, Files.readString(directory.resolve("log"))))
                .allMatch(text -> text.contains("--enable-native-access=ALL-UNNAMED"));

        Files.writeString(home.resolve("lib/tally.jar"), "b jar");
        assertThat(tally("check").archive()).isEqualTo("none");
        tally("prepare");
        assertThat(archives()).as("only the one of now").hasSize(1);
    }

    @Test
    void makesOneForTwoThatWantItAtOnce() throws Exception {
        List<Process> both = List.of(begin(List.of(script(), "prepare")), begin(List.of(script(), "prepare")));
        for (Process process : both) {
            assertThat(process.waitFor()).isZero();
        }

        assertThat(archives()).hasSize(1);
        assertThat(trainings()).isEqualTo(1);
    }

    /** The other one ends right before this one asks for the lock, or right after it was refused. */
    @ParameterizedTest
    @ValueSource(strings = {"exec /bin/ln \"$@\"", "exit 1"})
    void takesTheOneThatAnotherHasJustMade(String asking) throws Exception {
        tally("prepare");
        Path archive = archives().get(0);
        Path seal = Path.of(archive + ".seal");
        Path made = Files.createDirectory(directory.resolve("made"));
        for (Path file : List.of(archive, seal)) {
            Files.move(file, made.resolve(file.getFileName()));
        }
        executable(
                directory.resolve("tools/ln"),
                "#!/bin/sh\n/bin/cp \"" + made + "\"/* \"" + archive.getParent() + "\"\n" + asking + "\n");

        Result result = tally("prepare");

        assertThat(result.code).as(result.err).isZero();
        assertThat(archives()).containsExactly(archive);
        assertThat(trainings()).isEqualTo(1);
        assertThat(Path.of(archive + ".lock")).doesNotExist();
    }

    /** Nothing of a run that was killed is taken for an archive, nor does its lock stay. */
    @Test
    void survivesATrainingRunThatWasKilled() throws Exception {
        tally("prepare");
        Path archive = archives().get(0);
        Path lock = Files.writeString(Path.of(archive + ".lock"), "99999999");
        Files.move(archive, Path.of(archive + ".part"));

        Result result = tally("prepare");

        assertThat(result.code).isZero();
        assertThat(archives()).containsExactly(archive);
        assertThat(lock).doesNotExist();
    }

    @Test
    void makesADamagedArchiveAnew() throws Exception {
        tally("prepare");
        Files.writeString(archives().get(0), "classe");

        Result command = tally("check");
        assertThat(command.archive()).isEqualTo("none");
        assertThat(command.err.lines()).hasSize(1);
        assertThat(command.err).contains("is damaged");

        tally();
        awaitArchives(1);
        assertThat(tally("check").archive()).isNotEqualTo("none");
    }

    @Test
    void startsWithoutAnArchiveThatCannotBeMade() throws Exception {
        environment.put("FAKE_FAILURE", "No space left on device");
        Result prepare = tally("prepare");
        assertThat(prepare.code).isEqualTo(3);
        assertThat(prepare.err).contains("made no class archive");

        Result start = tally();
        Result command = tally("check");

        assertThat(start.code).isZero();
        assertThat(start.archive()).isEqualTo("none");
        assertThat(start.err.lines()).hasSize(1);
        assertThat(start.err).contains("starts slower").contains(".failed").contains("'bin/tally prepare' tries again");
        assertThat(command.err).isEmpty();
        assertThat(trainings()).as("not again with each start").isEqualTo(1);
    }

    @Test
    void startsWithoutADirectoryForTheArchive() throws Exception {
        Files.writeString(home.resolve("cache"), "a file");
        environment.put("HOME", home.resolve("cache").toString());

        Result start = tally();

        assertThat(start.code).isZero();
        assertThat(start.err.lines()).hasSize(1);
        assertThat(start.err).contains("starts slower").contains("cannot write to " + home + "/cache");

        environment.put("TALLY_CACHE", "none");
        assertThat(tally().err).isEmpty();
    }

    @Test
    void takesTheUsersDirectoryIfItsOwnIsReadOnly() throws Exception {
        Files.writeString(home.resolve("cache"), "a file");

        tally("prepare");

        assertThat(tally("check").archive()).contains("=" + directory + "/user/.cache/tally/");
    }

    @Test
    void takesTheDirectoryThatIsNamed() throws Exception {
        environment.put("TALLY_CACHE", directory.resolve("of its own").toString());

        tally("prepare");

        assertThat(tally("check").archive()).contains("=" + directory + "/of its own/");
    }

    private void awaitArchives(int count) {
        await("a class archive").until(() -> archives().size() == count);
    }

    private List<Path> archives() throws IOException {
        Path cache = home.resolve("cache");
        if (!Files.isDirectory(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.toString().matches(".*\\.(jsa|aot)"))
                    .toList();
        }
    }

    private long trainings() throws IOException {
        Path log = directory.resolve("log");
        return Files.exists(log) ? Files.readString(log).lines().count() : 0;
    }

    private String script() {
        return home.resolve("bin/tally").toString();
    }

    private Result tally(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private Result run(List<String> command) throws IOException, InterruptedException {
        Process process = begin(command);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, err, process.pid());
    }

    private Process begin(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }
}
