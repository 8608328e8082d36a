package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.InProcess;
import io.tally.testkafka.Input;
import io.tally.testkafka.TestBed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/** The first commit does not wait for the web server. */
class EarlyBeginningIT {
    @RegisterExtension
    final TestBed bed = new TestBed(1);

    @Test
    void commitsBeforeTheWebServerListens() {
        Input input = bed.input();
        input.send(0, 7, input.time());
        input.flush();
        // Waits for a commit.
        BeforeTheWebServer commit = new BeforeTheWebServer(() -> bed.committed(0));
        List<String> arguments = new ArrayList<>(bed.arguments(
                "early", bed.groupId(), "time,key,number,text", bed.topics().sink()));
        arguments.add("--tally.instance-id=early");
        arguments.add("--spring.kafka.bootstrap-servers=" + bed.bootstrap());

        try (ConfigurableApplicationContext application = InProcess.run(
                context -> context.getBeanFactory().registerSingleton("commit", commit),
                arguments.toArray(String[]::new))) {
            assertThat(application.isRunning()).isTrue();
            assertThat(commit.isRunning()).isTrue();
        }
    }

    /** What an application starts first, and before its web server, holds it up. */
    private static final class BeforeTheWebServer implements SmartLifecycle {
        private final Runnable wait;
        private volatile boolean running;

        BeforeTheWebServer(Runnable wait) {
            this.wait = wait;
        }

        @Override
        public void start() {
            wait.run();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE;
        }
    }
}
