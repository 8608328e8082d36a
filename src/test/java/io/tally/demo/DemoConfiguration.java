package io.tally.demo;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

/**
 * Puts the source, the reader and the introduction around the application; a test configuration, so that no test finds
 * it by scanning.
 */
@TestConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties(DemoProperties.class)
public class DemoConfiguration {
    private final DemoBroker broker = DemoBroker.running();

    @Bean
    DemoSource demoSource(DemoProperties properties) {
        return new DemoSource(properties, broker.address());
    }

    @Bean
    DemoReader demoReader() {
        return new DemoReader(broker.address(), System.out);
    }

    /** The broker goes when everything that talks to it has stopped. */
    @Bean
    SmartLifecycle demoStop(DemoSource source, DemoReader reader) {
        return new Stop(broker, source, reader);
    }

    @Bean
    Introduction introduction(DemoSource source, DemoReader reader) {
        return new Introduction(broker, source, reader);
    }

    /** Says what runs where once it does, then lets it flow. */
    static final class Introduction {
        private final DemoBroker broker;
        private final DemoSource source;
        private final DemoReader reader;

        Introduction(DemoBroker broker, DemoSource source, DemoReader reader) {
            this.broker = broker;
            this.source = source;
            this.reader = reader;
        }

        @EventListener
        void ready(ApplicationReadyEvent event) {
            ApplicationContext context = event.getApplicationContext();
            String port = context.getEnvironment().getProperty("local.server.port", "8080");
            System.out.printf("""

                    Tally is running at http://localhost:%5$s, with a broker of its own, until you press Ctrl-C.

                      broker     %1$s  (in this process, gone with it)
                      source     %2$s, %3$d partitions: log lines, some out of order, late or unreadable
                      sink       %4$s: visits per IP in 5-second windows, below as they are committed
                      see also   http://localhost:%5$s/actuator/tally
                                 http://localhost:%5$s/actuator/health/readiness
                                 http://localhost:%5$s/actuator/prometheus
                      read       kcat -b %1$s -t %4$s -X isolation.level=read_committed
                      change     ./mvnw spring-boot:test-run -Dspring-boot.run.arguments="--demo.rate=500"
                      kill       ./mvnw spring-boot:test-run -Dspring-boot.run.arguments="--demo.kill=5s"

                    The first window closes about ten seconds from now: 5 seconds of it, and 5 of grace.

                    """, broker.address(), DemoBroker.SOURCE, DemoBroker.PARTITIONS, DemoBroker.SINK, port);
            reader.start();
            source.start();
        }
    }

    private static final class Stop implements SmartLifecycle {
        private final DemoBroker broker;
        private final DemoSource source;
        private final DemoReader reader;
        private volatile boolean running;

        Stop(DemoBroker broker, DemoSource source, DemoReader reader) {
            this.broker = broker;
            this.source = source;
            this.reader = reader;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            source.close();
            reader.close();
            broker.stop();
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        /** Stopped after all others. */
        @Override
        public int getPhase() {
            return Integer.MIN_VALUE;
        }
    }
}
