package io.tally.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A broker as users run it, single-node KRaft, in a process of its own. */
public final class KafkaProcess implements AutoCloseable {
    /** The broker's number. */
    public static final int NODE = 1;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /**
     * Below the ports that systems give to clients. A client could take such a port before the process that needs it.
     */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 12_000;
    /** Test runs side by side begin far from each other. */
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 151 % PORTS));

    private final Path directory;
    private final String address;
    private ChildProcess process;

    private KafkaProcess(Path directory, String address) {
        this.directory = directory;
        this.address = address;
        process = run(directory);
    }

    public static KafkaProcess start(Path directory) {
        int port = freePort();
        return start(directory, port, port);
    }

    /**
     * Starts a broker and waits until it answers.
     *
     * @param port where it listens
     * @param advertised the port that it names to clients: its own, or that of something in between
     */
    public static KafkaProcess start(Path directory, int port, int advertised) {
        try {
            Path data = Files.createDirectories(directory.resolve("data"));
            Path properties = directory.resolve("server.properties");
            Files.writeString(properties, properties(data, port, advertised, freePort()));
            format(data, NODE, Uuid.randomUuid().toString());
            KafkaProcess broker = new KafkaProcess(directory, "127.0.0.1:" + advertised);
            try {
                broker.awaitAnswer();
            } catch (RuntimeException e) {
                broker.close();
                throw e;
            }
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a broker with the properties that are in this directory; its log goes there, too. */
    public static ChildProcess run(Path directory) {
        return ChildProcess.java(
                directory.resolve("kafka.log"),
                List.of(
                        "-Xmx512m",
                        // As for Tally's own processes: half of a start is the optimizing compiler's.
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        ChildProcess.classPath(),
                        "kafka.Kafka",
                        directory.resolve("server.properties").toString()));
    }

    public long pid() {
        return process.pid();
    }

    void kill() {
        process.kill();
    }

    /** Starts it again after {@link #kill}, with what it had on disk. */
    void restart() {
        process = run(directory);
        awaitAnswer();
    }

    private static String properties(Path data, int port, int advertised, int controller) {
        return """
                process.roles=broker,controller
                node.id=%d
                controller.quorum.voters=%d@127.0.0.1:%d
                listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                advertised.listeners=PLAINTEXT://127.0.0.1:%d
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                controller.listener.names=CONTROLLER
                log.dirs=%s
                auto.create.topics.enable=false
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                group.initial.rebalance.delay.ms=0
                """.formatted(NODE, NODE, controller, port, controller, advertised, data);
    }

    /** Makes the directory one of a node of a cluster. */
    public static void format(Path data, int node, String clusterId) {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(node)
                    .setClusterId(clusterId)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("the broker's directory could not be prepared", e);
        }
    }

    private void awaitAnswer() {
        awaitAnswer(process, address, NODE);
    }

    /** Waits until a broker answers. */
    public static void awaitAnswer(ChildProcess process, String address, int node) {
        try (Admin admin = admin(address)) {
            await("an answer of broker " + node + ", see its log")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> {
                        if (!process.isAlive()) {
                            throw new IllegalStateException("the broker died:\n" + process.output());
                        }
                        return admin.describeCluster().nodes().get().stream().anyMatch(found -> found.id() == node);
                    });
        }
    }

    public Admin admin() {
        return admin(address);
    }

    /** A client that gives up after half a minute. */
    public static Admin admin(String address) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                address,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                30_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000));
    }

    public String address() {
        return address;
    }

    public static int freePort() {
        for (int attempt = 0; attempt < PORTS; attempt++) {
            int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Somebody has it.
            }
        }
        throw new IllegalStateException("no free port from " + FIRST_PORT + " on");
    }

    @Override
    public void close() {
        process.close();
    }
}
