package io.tally.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The ways to start the packaged application, slow to fast. */
final class PackagedForms {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The first Java that writes such a cache in one step. */
    private static final int WITH_AOT_CACHE = 25;

    private PackagedForms() {}

    /**
     * Makes them.
     *
     * @param directory for what is extracted
     * @param training starts the application and stops it when it has worked, so that its classes get into an archive
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
        List<Contender> forms = new ArrayList<>();
        forms.add(Contender.packaged("jar", List.of("-jar", jar.toString())));
        forms.add(Contender.packaged("extracted", List.of("-jar", extractedJar)));
        // With either it shall fail rather than start without.
        String archive = extracted.resolve("tally.jsa").toString();
        train(training, "-XX:ArchiveClassesAtExit=" + archive, extractedJar);
        forms.add(Contender.packaged(
                "extracted, class data archive",
                List.of("-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-jar", extractedJar)));
        if (Runtime.version().feature() >= WITH_AOT_CACHE) {
            String cache = extracted.resolve("tally.aot").toString();
            train(training, "-XX:AOTCacheOutput=" + cache, extractedJar);
            forms.add(Contender.packaged(
                    "extracted, AOT cache", List.of("-XX:AOTMode=on", "-XX:AOTCache=" + cache, "-jar", extractedJar)));
        }
        return forms;
    }

    private static void train(Consumer<Contender> training, String option, String jar) {
        training.accept(Contender.packaged("training", List.of(option, "-jar", jar)));
    }
}
