package io.tally.bench.contender;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Those who watch the live page of one process: each holds its stream open, and reads whatever comes. */
final class Viewers implements AutoCloseable {
    /** The page is there some seconds after its process. */
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpRequest request;
    private final List<Thread> threads = new ArrayList<>();
    /** By viewer. */
    private final List<AtomicLong> bytes = new ArrayList<>();

    private volatile boolean closed;

    private Viewers(int port) {
        request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/page/stream"))
                .build();
    }

    /** Each comes as soon as the page is there, and again if it is sent away. */
    static Viewers start(int port, int number) {
        Viewers viewers = new Viewers(port);
        for (int viewer = 0; viewer < number; viewer++) {
            AtomicLong seen = new AtomicLong();
            viewers.bytes.add(seen);
            Thread thread = new Thread(() -> viewers.watch(seen), "viewer-" + viewer);
            thread.setDaemon(true);
            viewers.threads.add(thread);
            thread.start();
        }
        return viewers;
    }

    private void watch(AtomicLong seen) {
        byte[] buffer = new byte[1 << 16];
        while (!closed) {
            try (InputStream stream = open()) {
                for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                    seen.addAndGet(read);
                }
            } catch (IOException e) {
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private InputStream open() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("the page answers with " + response.statusCode());
        }
        return response.body();
    }

    /** @throws IllegalStateException if one of them has seen nothing: then its cost was not measured */
    void requireServed() {
        long without = bytes.stream().filter(seen -> seen.get() == 0).count();
        if (without > 0) {
            throw new IllegalStateException(without + " of " + bytes.size() + " viewers of the page have seen nothing");
        }
        System.out.printf(
                "%d viewers of the page have read %,d bytes%n",
                bytes.size(), bytes.stream().mapToLong(AtomicLong::get).sum());
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
