package io.tally.config.client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this process in transactional ids and group membership. It must be the same after a restart, so that
 * the restarted process ends the transaction that its predecessor left open, and takes back its partitions at once. No
 * two running processes may have the same, or they fence each other for ever.
 *
 * <p>The default is the host name and a slot. The slot is the lowest number whose lock file, in the directory for
 * temporary files, no other process has locked. The operating system releases the lock however the process ends, so the
 * next process gets the same slot. The file itself stays; if it were deleted while its owner runs, the slot would be
 * given out twice.
 */
public final class InstanceId implements AutoCloseable {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final int MAX_HOST = 90;
    private static final int MAX_SLOTS = 1000;

    private final String value;
    private final @Nullable Slot slot;

    private InstanceId(String value, @Nullable Slot slot) {
        this.value = value;
        this.slot = slot;
    }

    /** Whether a text can be an instance id. */
    public static boolean isValid(String value) {
        return VALID.matcher(value).matches();
    }

    /** The configured id. */
    public static InstanceId of(String value) {
        if (!isValid(value)) {
            throw new IllegalArgumentException("instance id '" + value + "' is not of the form " + VALID);
        }
        return new InstanceId(value, null);
    }

    /**
     * An id of the host and the lowest free slot, held until it is closed or the process ends.
     *
     * @param host name of the host; characters that an id cannot have become hyphens
     * @param directory the directory of the lock files, the same for all processes of the host
     * @throws IllegalStateException if no slot can be locked there; says why an id must be configured
     */
    public static InstanceId ofSlot(String host, Path directory) {
        String prefix = host.substring(0, Math.min(host.length(), MAX_HOST)).replaceAll("[^A-Za-z0-9._-]", "-");
        for (int number = 0; number < MAX_SLOTS; number++) {
            Path file = directory.resolve("tally-slot-" + number + ".lock");
            try {
                Slot locked = tryLock(file);
                if (locked != null) {
                    return new InstanceId(prefix + "-" + number, locked);
                }
            } catch (IOException e) {
                throw new IllegalStateException(
                        "must be set, because " + file + ", which tells the instances of this host apart, cannot be"
                                + " locked: " + e,
                        e);
            }
        }
        throw new IllegalStateException(
                "must be set, because all " + MAX_SLOTS + " instance slots in " + directory + " are taken");
    }

    /** The locked file; null if another process, or another part of this process, has it. */
    private static @Nullable Slot tryLock(Path file) throws IOException {
        // Looks for a lock of this process first, because closing any descriptor of a file gives up the process's lock
        // on it (POSIX). System properties are the one registry that all class loaders of a process share.
        String key = "io.tally.slot:" + file.toAbsolutePath().normalize();
        if (System.getProperties().putIfAbsent(key, "true") != null) {
            return null;
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = open(file);
            if (channel == null || channel.tryLock() == null) {
                return null;
            }
            locked = true;
            return new Slot(key, channel);
        } finally {
            if (!locked) {
                release(key, channel);
            }
        }
    }

    /**
     * The file; null if it belongs to another user. Nobody can tell whether such a file is locked, so it counts as
     * taken.
     */
    private static @Nullable FileChannel open(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            if (Files.exists(file)) {
                return null;
            }
            throw e;
        }
    }

    private static void release(String key, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            System.clearProperty(key);
        }
    }

    /** A locked file; the channel is the lock, and ends with it. */
    private record Slot(String key, FileChannel channel) {}

    public String value() {
        return value;
    }

    /** Gives the slot back. */
    @Override
    public void close() throws IOException {
        if (slot != null && slot.channel().isOpen()) {
            release(slot.key(), slot.channel());
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
