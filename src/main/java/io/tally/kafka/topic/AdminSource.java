package io.tally.kafka.topic;

import io.tally.kafka.client.Causes;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipeline's admin client. It is made when it is first needed, and replaced if it gets no answer for a while. A
 * client whose thread has died, for lack of memory for example, never gets an answer again, and looks as if the broker
 * were away.
 */
public final class AdminSource implements Supplier<Admin>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminSource.class);
    /** Longer than a failover of the broker, which a client survives by itself. */
    static final Duration GIVE_UP = Duration.ofSeconds(10);

    private final Supplier<Admin> factory;
    private final LongSupplier nanos;
    private @Nullable Admin current;
    private long answered;
    private boolean closed;
    private volatile boolean answering;

    /**
     * @param factory makes a client
     * @param nanos a steady clock
     */
    public AdminSource(Supplier<Admin> factory, LongSupplier nanos) {
        this.factory = factory;
        this.nanos = nanos;
    }

    /** The client to use now. Call this again for each later use. */
    @Override
    public synchronized Admin get() {
        Admin open = current;
        if (open == null) {
            if (closed) {
                throw new IllegalStateException("the pipeline has stopped");
            }
            open = factory.get();
            current = open;
            answered = nanos.getAsLong();
        }
        return open;
    }

    /** Notes that the broker answered. */
    public synchronized void answered() {
        answering = true;
        answered = nanos.getAsLong();
    }

    /** Notes that this client got no answer. */
    public synchronized void failed() {
        answering = false;
        if (current != null && nanos.getAsLong() - answered >= GIVE_UP.toNanos()) {
            drop(Duration.ZERO);
        }
    }

    /** Drops the client, so that the next use makes a new one. */
    public synchronized void renew() {
        drop(Duration.ZERO);
    }

    /** Whether the broker answered when it was last asked; from any thread. */
    public boolean isAnswering() {
        return answering;
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop(Duration.ofSeconds(1));
    }

    private void drop(Duration patience) {
        Admin open = current;
        current = null;
        if (open != null) {
            try {
                open.close(patience);
            } catch (RuntimeException | Error e) {
                log.warn("An admin client could not be closed: {}", Causes.describe(e));
            }
        }
    }
}
