package io.tally.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Shows on the page what another process has found out by counting again. It is in a file, as one line. */
@TestConfiguration(proxyBeanMethods = false)
public class CheckedConfiguration {
    /** Property with the file. */
    public static final String FILE = "demo.verdict-file";

    @Bean(initMethod = "start")
    Checked checked(EventLog log, @Value("${" + FILE + "}") Path file) {
        return new Checked(log, file);
    }

    static final class Checked implements AutoCloseable {
        private final EventLog log;
        private final Path file;
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "demo-verdict");
            thread.setDaemon(true);
            return thread;
        });
        private @Nullable String last;

        Checked(EventLog log, Path file) {
            this.log = log;
            this.file = file;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // each run catches what it throws
        void start() {
            timer.scheduleAtFixedRate(this::look, 0, 1, TimeUnit.SECONDS);
        }

        private void look() {
            try {
                String text = Files.readString(file).strip();
                if (!text.isEmpty() && !text.equals(last)) {
                    last = text;
                    log.add(System.currentTimeMillis(), EventLog.Kind.CHECKED, "ip-count", null, text, false);
                }
            } catch (IOException e) {
                // It is written anew a second later.
            }
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
