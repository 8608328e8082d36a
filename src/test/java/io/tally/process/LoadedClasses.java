package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Which classes a process has loaded from files although it had a class archive. */
final class LoadedClasses {
    private static final Path LIST = Path.of("src/main/resources/rehearsal-classes.txt");
    private static final boolean WRITE = Boolean.getBoolean("tally.rehearsal.write");
    private static final Pattern FROM_FILE = Pattern.compile("(?m)\\] (\\S+) source: (?:file|jrt):");
    private static final Pattern FROM_ARCHIVE = Pattern.compile("source: shared objects file");
    /** Made while it runs, with a name of the moment. */
    private static final Pattern MADE =
            Pattern.compile(".*(?:/0x|Lambda|\\$Proxy|Generated|BoundMethodHandle|\\$\\$).*");

    private final Path log;

    /** @param directory for the JVM's log */
    LoadedClasses(Path directory) {
        log = directory.resolve("classes-" + System.nanoTime() + ".log");
    }

    /** What tells the JVM to keep the log, and to fail rather than start without the archive. */
    List<String> options() {
        return List.of("-Xshare:on", "-Xlog:class+load:file=" + log);
    }

    /** Some depend on what happens in which order; but a part of the application that is never rehearsed shows. */
    void assertNearlyAllFromTheArchive() throws IOException {
        String text = Files.readString(log);
        List<String> missed = FROM_FILE
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .filter(name -> !MADE.matcher(name).matches())
                .toList();
        long archived =
                FROM_ARCHIVE.matcher(text).results().map(MatchResult::group).count();
        if (WRITE) {
            TreeSet<String> names = new TreeSet<>(Files.readAllLines(LIST));
            names.addAll(missed);
            Files.write(LIST, names);
        }
        assertThat(archived).isGreaterThan(5_000);
        assertThat(missed)
                .as("classes that a rehearsal should load; -Dtally.rehearsal.write=true adds them to %s", LIST)
                .hasSizeLessThan(100);
    }
}
