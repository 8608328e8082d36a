package io.tally.kafka.client;

import java.lang.reflect.InvocationTargetException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the Kafka client use native code for lz4, which saves about a tenth of a lane's time. By itself the library
 * does so only if the system class loader has loaded it, and libraries in a Boot jar are loaded by another. With a
 * plain class path the client has the native code anyway. In both cases a copy of it is in {@code java.io.tmpdir} while
 * the process lives.
 */
public final class NativeLz4 {
    private static final Logger log = LoggerFactory.getLogger(NativeLz4.class);
    /** Called by reflection: the library comes with the Kafka client, in the client's version, and only at run time. */
    private static final String LIBRARY = "net.jpountz.util.Native";

    private NativeLz4() {}

    /** Loads it. To be called before the first client is made. Without it everything works, only slower. */
    public static void load() {
        try {
            Class.forName(LIBRARY).getMethod("load").invoke(null);
        } catch (InvocationTargetException e) {
            log.info(
                    "lz4 works in Java, which costs about a tenth of the throughput, since its native code cannot be"
                            + " loaded here ({}); it needs a java.io.tmpdir that is writable and not mounted noexec",
                    String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            log.info("lz4 works in Java: the Kafka client's library has no {}.load() that can be called", LIBRARY, e);
        }
    }
}
