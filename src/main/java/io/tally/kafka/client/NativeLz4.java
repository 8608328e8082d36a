package io.tally.kafka.client;

import java.lang.reflect.InvocationTargetException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the Kafka client use native code for lz4, which saves about a tenth of a lane's time. The library takes it by
 * itself only where the system class loader has loaded it, which is not so for the libraries in a Boot jar. Whoever
 * runs the same client from a class path has the native code, too, and, as here, a copy of it in {@code java.io.tmpdir}
 * as long as the process lives.
 */
public final class NativeLz4 {
    private static final Logger log = LoggerFactory.getLogger(NativeLz4.class);
    /** By reflection, since the library comes with the Kafka client, in the client's version, at run time only. */
    private static final String LIBRARY = "net.jpountz.util.Native";

    private NativeLz4() {}

    /** Loads it; to be called before the first client is made. Without it everything works, only slower. */
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
