package io.tally.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of the test's own, with its output in a file. */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        // Nothing outlives the test run, however that ends.
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        } catch (IllegalStateException e) {
            // It ends already.
            process.destroyForcibly();
            throw e;
        }
    }

    /** Starts {@code java} with these arguments; what it says is appended to the log. */
    public static ChildProcess java(Path log, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        return of(log, command, Map.of());
    }

    /**
     * Starts any program that becomes a JVM.
     *
     * @param environment what is otherwise than here
     */
    static ChildProcess of(Path log, List<String> command, Map<String, String> environment) {
        try {
            Files.createDirectories(log.getParent());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return new ChildProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The class path of this JVM, for another one. */
    public static String classPath() {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        List<String> absolute = new ArrayList<>();
        for (String entry : entries) {
            absolute.add(new File(entry).getAbsolutePath());
        }
        return String.join(File.pathSeparator, absolute);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL: nothing of it gets to say goodbye. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM; gives the exit code. */
    public int terminate(Duration patience) {
        process.destroy();
        return awaitExit(patience);
    }

    /** Waits until it has ended by itself, without an error. */
    public void awaitSuccess(Duration patience) {
        int code = awaitExit(patience);
        if (code != 0) {
            throw new IllegalStateException("process " + pid() + " has ended with " + code + ":\n" + output());
        }
    }

    private int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "process " + pid() + " is still there after " + patience + "; see " + log);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The file with what it says. */
    public Path log() {
        return log;
    }

    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
