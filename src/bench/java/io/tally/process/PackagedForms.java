package io.tally.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The ways to start the packaged application, slow to fast. */
final class PackagedForms {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private PackagedForms() {}

    /**
     * Makes them.
     *
     * @param directory for what is extracted
     * @param training starts the application and stops it when it has worked, so that its classes get into the archive
     */
    static List<Contender> make(Path directory, Consumer<Contender> training) {
        Path jar = TallyProcess.jar().toAbsolutePath();
        Path extracted = directory.resolve("extracted");
        Path log = directory.resolve("extract.log");
        try (ChildProcess extraction = ChildProcess.java(
                log,
                List.of("-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", extracted.toString()))) {
            extraction.awaitSuccess(PATIENCE);
        }
        String extractedJar = extracted.resolve(jar.getFileName()).toString();
        String archive = extracted.resolve("tally.jsa").toString();
        training.accept(
                Contender.packaged("training", List.of("-XX:ArchiveClassesAtExit=" + archive, "-jar", extractedJar)));
        return List.of(
                Contender.packaged("jar", List.of("-jar", jar.toString())),
                Contender.packaged("extracted", List.of("-jar", extractedJar)),
                // It shall fail rather than start without the archive.
                Contender.packaged(
                        "extracted, class data archive",
                        List.of("-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-jar", extractedJar)));
    }
}
