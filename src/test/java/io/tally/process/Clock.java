package io.tally.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The clock of an instance's host, which can be set. Debian's {@code faketime} does it, where it is installed; not with
 * its library for several threads, whose lock makes a start of Tally take minutes.
 */
public final class Clock {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"));

    private final Path file;

    /** @param file that says how far the clock is off */
    public Clock(Path file) {
        this.file = file;
        jump(Duration.ZERO);
    }

    /** Whether clocks can be set here. */
    public static boolean isAvailable() {
        return LIBRARIES.stream().anyMatch(Files::exists);
    }

    /** From now on (within a second) the clock is off by this. */
    public void jump(Duration by) {
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, (by.isNegative() ? "" : "+") + by.toSeconds() + "\n");
            // Never half a line.
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process that goes by it needs in its environment. */
    public Map<String, String> environment() {
        Path library = LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow();
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                // Times of files stay: a start looks at thousands.
                "NO_FAKE_STAT",
                "1",
                // What a JVM waits by does not jump with the time of day; and without the second one no wait would
                // last.
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }
}
