package io.tally.campaign;

import io.tally.process.TallyProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an instance takes of its host.
 *
 * @param threads by name, without those that the JVM has for itself
 * @param sockets how many are open
 * @param heap mebibytes that a full collection leaves
 */
record Resources(Map<String, Integer> threads, int sockets, int heap) {
    private static final Pattern OWN = Pattern.compile("(GC|G1|C1|C2|VM|Attach|Sweeper|Monitor|Service|Signal) ?.*");
    private static final Pattern USED = Pattern.compile("(?:total|reserved) .*?used (\\d+)K");
    /** Requests are served by as many threads as come at once. */
    private static final Pattern OF_REQUESTS = Pattern.compile("http.*|tomcat.*|HTTP.*");

    private static final int KIB = 1024;

    static Resources of(TallyProcess instance) {
        long pid = instance.process().pid();
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        int heap = used.find() ? Integer.parseInt(used.group(1)) / KIB : 0;
        Path process = Path.of("/proc", Long.toString(pid));
        Map<String, Integer> threads = new TreeMap<>();
        for (Path task : in(process.resolve("task"))) {
            String name = read(task.resolve("comm"));
            if (!name.isEmpty()
                    && !OWN.matcher(name).matches()
                    && !OF_REQUESTS.matcher(name).matches()) {
                threads.merge(name.replaceAll("\\d+", "#"), 1, Integer::sum);
            }
        }
        return new Resources(threads, sockets(process), heap);
    }

    private static int sockets(Path process) {
        int sockets = 0;
        for (Path file : in(process.resolve("fd"))) {
            try {
                sockets += Files.readSymbolicLink(file).toString().startsWith("socket:") ? 1 : 0;
            } catch (IOException e) {
                // It was closed meanwhile.
            }
        }
        return sockets;
    }

    private static List<Path> in(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            // A thread that ends while it is looked at.
            return "";
        }
    }

    private static String jcmd(long pid, String command) {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            command)
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whether it has not become much more. Connections come with each broker that is asked for the first time, and stay
     * for minutes; the heap holds what is open.
     */
    boolean isAboutAsMuchAs(Resources later) {
        return later.count() <= count() + 4 && later.sockets <= 2 * sockets + 10 && later.heap <= heap + 32;
    }

    private int count() {
        return threads.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
        return "%d threads, %d sockets, %d MiB".formatted(count(), sockets, heap);
    }
}
