package io.tally.bench.contender;

import io.tally.process.ChildProcess;
import io.tally.process.Distribution;
import io.tally.process.TallyProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The ways to start the packaged application, slow to fast. */
public final class PackagedForms {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Those of the script that say when the optimizing compiler begins. */
    private static final Pattern COMPILER_OPTION = Pattern.compile("-XX:Tier4\\w+=\\d+");

    private PackagedForms() {}

    /**
     * Makes them.
     *
     * @param directory for what is extracted
     */
    public static List<Contender> make(Path directory) {
        Path jar = TallyProcess.jar().toAbsolutePath();
        Path extracted = directory.resolve("extracted");
        Path log = directory.resolve("extract.log");
        try (ChildProcess extraction = ChildProcess.java(
                log,
                List.of("-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", extracted.toString()))) {
            extraction.awaitSuccess(PATIENCE);
        }
        return List.of(
                Contender.packaged("jar", List.of("-jar", jar.toString())),
                Contender.packaged(
                        "extracted",
                        List.of("-jar", extracted.resolve(jar.getFileName()).toString())),
                distribution());
    }

    /** What {@code bin/tally} ends in; with its class archive it shall fail rather than start without. */
    public static Contender distribution() {
        Path home = Distribution.home();
        try (Stream<Path> files = Files.list(home.resolve("cache"))) {
            String archive = files.map(Path::toString)
                    .filter(file -> file.endsWith(".jsa") || file.endsWith(".aot"))
                    .findFirst()
                    .orElseThrow();
            List<String> use = archive.endsWith(".jsa")
                    ? List.of("-Xshare:on", "-XX:SharedArchiveFile=" + archive)
                    // The cache is made with this option, and fits no JVM without it.
                    : List.of("--enable-native-access=ALL-UNNAMED", "-XX:AOTMode=on", "-XX:AOTCache=" + archive);
            List<String> command = new ArrayList<>(use);
            COMPILER_OPTION
                    .matcher(Files.readString(home.resolve("bin/tally")))
                    .results()
                    .map(MatchResult::group)
                    .forEach(command::add);
            command.addAll(List.of("-cp", home.resolve("lib/tally.jar").toString(), "io.tally.TallyApplication"));
            return Contender.packaged("distribution", command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
