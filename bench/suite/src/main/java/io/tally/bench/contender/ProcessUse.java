package io.tally.bench.contender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process; Linux only. */
public final class ProcessUse {
    /** The unit of the kernel's figures for user space, whatever its timer does. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    private ProcessUse() {}

    /** CPU time in seconds, of all threads, user and system. */
    public static double cpuSeconds(long pid) {
        String stat = read(pid, "stat");
        // The command's name, in parentheses, may have blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
    }

    /** The most memory that it had at a time, in MiB. */
    static long peakMebibytes(long pid) {
        return read(pid, "status")
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
