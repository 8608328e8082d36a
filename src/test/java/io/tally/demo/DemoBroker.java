package io.tally.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
        quietly(broker::afterPropertiesSet);
        running = new DemoBroker(broker, cleanups);
        return running;
    }

    /** The broker prints how it lays out its directory, without a logger. */
    private static void quietly(Runnable work) {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(out);
        }
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
