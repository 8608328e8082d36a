package io.tally.page;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Once a second one thread looks at the pipelines, and sends all viewers the same bytes as a server-sent event
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html): {@code whole} with the history to one who begins to
 * look, {@code second} after that. While nobody looks, nothing is written as JSON.
 */
final class Feed implements AutoCloseable {
    /** Each is a connection; more are answered with 503. */
    static final int MOST_VIEWERS = 100;

    private static final Logger log = LoggerFactory.getLogger(Feed.class);

    private final Recorder recorder;
    private final PageEvents events;
    private final JsonMapper mapper = new JsonMapper();
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "page");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;
    private boolean failed;

    Feed(Recorder recorder, PageEvents events) {
        this.recorder = recorder;
        this.events = events;
    }

    // Each run catches what it throws.
    @SuppressWarnings("FutureReturnValueIgnored")
    void start() {
        timer.scheduleAtFixedRate(this::second, 0, 1, TimeUnit.SECONDS);
    }

    private void second() {
        try {
            send(recorder.look());
            failed = false;
        } catch (RuntimeException e) {
            if (!failed) {
                log.warn("The live page gets no news; the pipelines are not concerned. It is tried each second.", e);
            }
            failed = true;
        }
    }

    private void send(PageView view) {
        events.watched(!viewers.isEmpty());
        if (viewers.isEmpty()) {
            return;
        }
        byte[] change = event("second", view);
        Supplier<byte[]> whole = new Supplier<>() {
            private byte @Nullable [] bytes;

            @Override
            public byte[] get() {
                if (bytes == null) {
                    bytes = event("whole", recorder.whole(view));
                }
                return bytes;
            }
        };
        viewers.removeIf(viewer -> !viewer.offer(whole, change));
    }

    private byte[] event(String name, PageView view) {
        // JSON has no line ends but escaped ones, so it is one line of data.
        return ("event: " + name + "\ndata: " + mapper.writeValueAsString(view) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Whether one more may look. */
    boolean hasRoom() {
        return !closed && viewers.size() < MOST_VIEWERS;
    }

    void add(Viewer viewer) {
        viewers.add(viewer);
        events.watched(true);
        if (closed) {
            viewer.end();
        }
    }

    void remove(Viewer viewer) {
        viewers.remove(viewer);
    }

    int viewers() {
        return viewers.size();
    }

    /** Ends all connections: the web server waits for them when it stops. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        viewers.forEach(Viewer::end);
    }
}
