package io.tally.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** The distribution as a user has it: unpacked, with its class archive. Once for each build, whoever asks for it. */
public final class Distribution {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path UNPACKED = TARGET.resolve("distribution");
    /** Which build is unpacked, and for which Java. */
    private static final Path MARK = UNPACKED.resolve("build");
    /** A training run takes some seconds of CPU time. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private Distribution() {}

    /** Its {@code bin/tally}. */
    static Path launcher() {
        return home().resolve("bin/tally");
    }

    /**
     * Runs a command of it.
     *
     * @param arguments the command's name first
     */
    public static ChildProcess run(Path log, List<String> arguments, String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(arguments);
        return ChildProcess.of(log, command, environment(jvmOptions));
    }

    /** As it is handed out. */
    static Path file() {
        return only(TARGET, ".tar.gz");
    }

    /** Where it is. */
    public static synchronized Path home() {
        Path file = file();
        // Tests run in several JVMs.
        try (FileChannel channel = FileChannel.open(
                        TARGET.resolve("distribution.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            String build = Files.getLastModifiedTime(file) + " " + Files.size(file) + " " + Runtime.version();
            if (!lock.isValid()
                    || !Files.exists(MARK)
                    || !Files.readString(MARK).equals(build)) {
                FileSystemUtils.deleteRecursively(UNPACKED);
                Files.createDirectories(UNPACKED);
                run("tar", "-xzf", file.toString(), "-C", UNPACKED.toString());
                run(only(UNPACKED, "").resolve("bin/tally").toString(), "prepare");
                Files.writeString(MARK, build);
            }
            return only(UNPACKED, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it shall take of the environment: this JVM's Java, and nothing of the user's own. */
    static Map<String, String> environment(String... jvmOptions) {
        Map<String, String> environment = new HashMap<>();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("JAVA_OPTS", String.join(" ", jvmOptions));
        environment.put("TALLY_CACHE", "");
        return environment;
    }

    private static void run(String... command) {
        Path log = TARGET.resolve("process").resolve("distribution.log");
        try (ChildProcess process = ChildProcess.of(log, List.of(command), environment())) {
            process.awaitSuccess(PATIENCE);
        }
    }

    private static Path only(Path directory, String ending) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().matches("tally-\\d.*" + ending.replace(".", "\\.")))
                    .filter(file -> !ending.isEmpty() || Files.isDirectory(file))
                    .toList();
            if (found.size() != 1) {
                throw new IllegalStateException("in " + directory + " is not one distribution, but " + found
                        + ": ./mvnw package -DskipTests makes it, after clean if there are several");
            }
            return found.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
