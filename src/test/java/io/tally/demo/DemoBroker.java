package io.tally.demo;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** The broker of the demo: one node, in this process, gone with it. */
public final class DemoBroker {
    static final String SOURCE = "ip_count_source";
    static final String SINK = "ip_count_sink";
    static final int PARTITIONS = 4;

    private static @Nullable DemoBroker running;

    private final EmbeddedKafkaKraftBroker broker;
    private final List<Runnable> cleanups;

    private DemoBroker(EmbeddedKafkaKraftBroker broker, List<Runnable> cleanups) {
        this.broker = broker;
        this.cleanups = cleanups;
    }

    /** Starts it, before the application that needs its address. */
    public static synchronized DemoBroker start() {
        // The broker would delete its files as soon as Ctrl-C is pressed; they are needed until the application has
        // stopped.
        List<Runnable> cleanups = new CopyOnWriteArrayList<>();
        Exit.setShutdownHookAdder((name, cleanup) -> cleanups.add(cleanup));
        EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS, SOURCE, SINK);
        // A single node cannot keep the three copies of the transaction log that are the default.
        broker.brokerProperties(Map.of(
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "auto.create.topics.enable", "false"));
        broker.afterPropertiesSet();
        running = new DemoBroker(broker, cleanups);
        return running;
    }

    static synchronized DemoBroker running() {
        if (running == null) {
            throw new IllegalStateException("the demo's broker has not been started");
        }
        return running;
    }

    public String address() {
        return broker.getBrokersAsString();
    }

    void stop() {
        broker.destroy();
        cleanups.forEach(Runnable::run);
    }
}
