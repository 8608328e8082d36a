package io.tally.page;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One open page. It takes no thread. Updates that its connection has no room for are left out; as soon as there is room
 * again, it gets the whole picture. So a page whose network hangs keeps nobody waiting.
 *
 * <p>Thread-safe: the feed offers, the container says when there is room and when the connection is lost. As soon as
 * the container has said that it is lost or complete, it may use its objects for the connection of somebody else. So
 * nobody touches them after that, and they are told once that it ends.
 */
final class Viewer implements WriteListener, AsyncListener {
    /** After so many seconds without room the connection counts as dead. */
    static final int PATIENCE = 30;

    /**
     * How soon the browser comes again when the connection is lost, in milliseconds; sent at once, so it knows all is
     * well.
     */
    private static final byte[] GREETING = "retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII);

    private final AsyncContext connection;
    private final ServletOutputStream out;
    private final Consumer<Viewer> whenEnded;
    private boolean isOpen;
    private boolean hasEnded;
    private boolean needsWhole = true;
    private boolean needsFlush;
    private int refused;

    /** @param whenEnded told when the connection is complete */
    Viewer(AsyncContext connection, ServletOutputStream out, Consumer<Viewer> whenEnded) {
        this.connection = connection;
        this.out = out;
        this.whenEnded = whenEnded;
    }

    @Override
    public synchronized void onWritePossible() throws IOException {
        if (hasEnded) {
            return;
        }
        if (!isOpen) {
            isOpen = true;
            out.write(GREETING);
            needsFlush = true;
        }
        flush();
    }

    /**
     * Sends what is new, or the whole to one who has missed something.
     *
     * @return whether it is worth while to go on
     */
    synchronized boolean offer(Supplier<byte[]> whole, byte[] change) {
        if (hasEnded) {
            return false;
        }
        try {
            if (isOpen) {
                flush();
            }
            if (!isOpen || needsFlush || !out.isReady()) {
                needsWhole = true;
                refused++;
                if (refused >= PATIENCE) {
                    end();
                }
                return refused < PATIENCE;
            }
            refused = 0;
            out.write(needsWhole ? whole.get() : change);
            needsWhole = false;
            needsFlush = true;
            flush();
            return true;
        } catch (IOException | IllegalStateException e) {
            // The reader has gone. The container says so, too, and it is ended then.
            return false;
        }
    }

    private void flush() throws IOException {
        if (needsFlush && out.isReady()) {
            out.flush();
            needsFlush = false;
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public synchronized void onComplete(AsyncEvent event) {
        hasEnded = true;
        whenEnded.accept(this);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it again.
    }

    synchronized void end() {
        if (!hasEnded) {
            hasEnded = true;
            try {
                connection.complete();
            } catch (IllegalStateException e) {
                // It is being ended.
            }
        }
    }
}
