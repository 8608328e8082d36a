package io.tally.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this process in transactional ids and group membership. It must be the same after a restart, so that
 * the restarted process ends the transaction its predecessor left open and takes back its partitions at once, and it
 * must be another one than that of any process running at the same time, or the two fence one another for ever.
 *
 * <p>Without a configured one it is the host name and a slot: the lowest number whose lock file, in the directory for
 * temporary files, no other process holds locked. The operating system releases the lock however the process ends, so
 * the next one gets the same slot. The file itself stays; deleting it while its owner runs would hand out the slot
 * twice.
 */
public final class InstanceId implements AutoCloseable {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final int MAX_HOST = 90;
    private static final int MAX_SLOTS = 1000;

    private final String value;
    private final @Nullable FileChannel slot;

    private InstanceId(String value, @Nullable FileChannel slot) {
        this.value = value;
        this.slot = slot;
    }

    /** Whether a text can be an instance id. */
    static boolean isValid(String value) {
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
     * @param directory where the lock files are, the same for all processes of the host
     * @throws IllegalStateException if no slot can be locked there
     */
    public static InstanceId ofSlot(String host, Path directory) {
        String prefix = host.substring(0, Math.min(host.length(), MAX_HOST)).replaceAll("[^A-Za-z0-9._-]", "-");
        for (int number = 0; number < MAX_SLOTS; number++) {
            Path file = directory.resolve("tally-slot-" + number + ".lock");
            try {
                FileChannel locked = tryLock(file);
                if (locked != null) {
                    return new InstanceId(prefix + "-" + number, locked);
                }
            } catch (IOException e) {
                throw new IllegalStateException(
                        "cannot lock " + file + " to find out which instance of this host this process is; set"
                                + " tally.instance-id, or make java.io.tmpdir a directory that can be written",
                        e);
            }
        }
        throw new IllegalStateException(
                "all " + MAX_SLOTS + " instance slots in " + directory + " are taken; set" + " tally.instance-id");
    }

    /** The file's channel with a lock, null if another process, or another part of this one, has it. */
    @SuppressWarnings("resource") // the channel is the lock, and is closed with it
    private static @Nullable FileChannel tryLock(Path file) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            if (file.toFile().exists()) {
                // Another user's: whether it is locked cannot be told, so count it as taken.
                return null;
            }
            throw e;
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Taken by this very process, for example by another application context.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    public String value() {
        return value;
    }

    /** Gives the slot back. */
    @Override
    public void close() throws IOException {
        if (slot != null) {
            slot.close();
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
