package io.tally.bench.contender;

import io.tally.process.IpCounts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The job of {@code bench/flink}, a Maven project with a class path of its own, which the suite builds before the suite
 * starts. Where Flink cannot be resolved there is no such class path, and Flink is left out.
 *
 * @param checkpointMillis between two checkpoints, with which its rows come
 */
public record FlinkJob(int slots, int checkpointMillis) implements Contender.CommandLine {
    private static final Path CLASSES = Path.of("target/flink/classes");
    /** Of the job's dependencies. */
    private static final Path CLASS_PATH = Path.of("target/flink/class-path");
    /** What Flink's own start scripts open on Java 17 and later. */
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.net",
            "java.io",
            "java.nio",
            "sun.nio.ch",
            "java.lang.reflect",
            "java.text",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks");

    private static final Pattern VERSION = Pattern.compile("flink-(clients|connector-kafka)-([^/\\\\]+)\\.jar");

    private static final Pattern CHECKPOINT = Pattern.compile("Completed checkpoint \\d+ for job \\w+ \\((\\d+) bytes");

    @Override
    public boolean isThere() {
        return Files.exists(CLASS_PATH);
    }

    /** For the head of the report. */
    public static String version() {
        if (!Files.exists(CLASS_PATH)) {
            return "**WITHOUT FLINK**, since bench/flink could not be built: see what Maven said before the suite";
        }
        return "Flink "
                + VERSION.matcher(classPath())
                        .results()
                        .map(jar -> jar.group(2))
                        .collect(Collectors.joining(" with its connector "));
    }

    @Override
    public List<String> of(Contender.Run run, String instance) {
        List<String> arguments = new ArrayList<>();
        OPENED.forEach(name -> arguments.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        arguments.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                // Two metrics of its sink have one name, of which it warns with each checkpoint.
                "-Dorg.slf4j.simpleLogger.log.org.apache.flink.metrics=error",
                "-Dorg.slf4j.simpleLogger.log.org.apache.flink.runtime.checkpoint=info",
                "-cp",
                CLASSES.toAbsolutePath() + File.pathSeparator + classPath(),
                "io.tally.flink.FlinkIpCount",
                run.broker(),
                run.source(),
                run.group(),
                run.sink(),
                String.valueOf(slots),
                directory(run.files(instance, "state")),
                String.valueOf(checkpointMillis),
                String.valueOf(IpCounts.SIZE),
                String.valueOf(IpCounts.GRACE)));
        return arguments;
    }

    /** Its source assigns the partitions by itself. */
    @Override
    public boolean joinsGroup() {
        return false;
    }

    /** Its checkpoints are files, each of them whole. */
    @Override
    public long stateBytes(String output) {
        return CHECKPOINT
                .matcher(output)
                .results()
                .mapToLong(checkpoint -> Long.parseLong(checkpoint.group(1)))
                .sum();
    }

    private static String directory(Path path) {
        try {
            return Files.createDirectories(path).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath() {
        try {
            return Files.readString(CLASS_PATH).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
