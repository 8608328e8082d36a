package io.tally.page;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * One open page. It takes no thread. Updates that its connection has no room for are left out; as soon as there is room
 * again, it gets the whole picture. So a page whose network hangs keeps nobody waiting.
 *
 * <p>Thread-safe: the feed offers, the container says when there is room.
 */
final class Viewer implements WriteListener {
    /** After so many seconds without room the connection counts as dead. */
    static final int PATIENCE = 30;

    /**
     * How soon the browser comes again when the connection is lost, in milliseconds; sent at once, so it knows all is
     * well.
     */
    private static final byte[] GREETING = "retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII);

    private final AsyncContext connection;
    private final ServletOutputStream out;
    private boolean isOpen;
    private boolean needsWhole = true;
    private boolean needsFlush;
    private int refused;

    Viewer(AsyncContext connection, ServletOutputStream out) {
        this.connection = connection;
        this.out = out;
    }

    @Override
    public synchronized void onWritePossible() throws IOException {
        if (!isOpen) {
            isOpen = true;
            out.write(GREETING);
            needsFlush = true;
        }
        flush();
    }

    @Override
    public void onError(Throwable failure) {
        close();
    }

    /**
     * Sends what is new, or the whole to one who has missed something.
     *
     * @return whether it is worth while to go on
     */
    synchronized boolean offer(Supplier<byte[]> whole, byte[] change) {
        try {
            if (isOpen) {
                flush();
            }
            if (!isOpen || needsFlush || !out.isReady()) {
                needsWhole = true;
                refused++;
                return refused < PATIENCE;
            }
            refused = 0;
            out.write(needsWhole ? whole.get() : change);
            needsWhole = false;
            needsFlush = true;
            flush();
            return true;
        } catch (IOException | IllegalStateException e) {
            // The reader has gone.
            return false;
        }
    }

    private void flush() throws IOException {
        if (needsFlush && out.isReady()) {
            out.flush();
            needsFlush = false;
        }
    }

    void close() {
        try {
            connection.complete();
        } catch (IllegalStateException e) {
            // It is complete.
        }
    }
}
