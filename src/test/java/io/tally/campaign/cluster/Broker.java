package io.tally.campaign.cluster;

import io.tally.process.ChildProcess;
import io.tally.process.KafkaProcess;
import io.tally.process.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One broker of a cluster, controller included, with a listener for the tests and one behind a relay for each instance.
 */
public final class Broker implements AutoCloseable {
    /**
     * In milliseconds: after a SIGKILL a broker that is back waits until its former life counts as over. Kafka's
     * default unless chosen.
     */
    private static final int SESSION = Integer.getInteger("tally.campaign.broker-session", 9_000);

    private final int number;
    private final Path directory;
    private final int controllerPort = KafkaProcess.freePort();
    private final int directPort = KafkaProcess.freePort();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Relay> relays = new LinkedHashMap<>();
    private ChildProcess process;

    Broker(int number, Path directory, List<String> instances) {
        this.number = number;
        this.directory = directory;
        for (String instance : instances) {
            int port = KafkaProcess.freePort();
            ports.put(instance, port);
            relays.put(instance, new Relay(port));
        }
    }

    void start(List<Broker> all, String clusterId) {
        try {
            Path data = Files.createDirectories(directory.resolve("data"));
            Files.writeString(directory.resolve("server.properties"), properties(data, all));
            KafkaProcess.format(data, number, clusterId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = KafkaProcess.run(directory);
    }

    public int number() {
        return number;
    }

    String address() {
        return "127.0.0.1:" + directPort;
    }

    public Relay relay(String instance) {
        return relays.get(instance);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    public void kill() {
        process.kill();
    }

    /**
     * Its disk is full: no file may be longer. Whoever writes beyond that gets an error.
     *
     * @return whether this system can do that
     */
    public boolean limitFiles(int bytes) {
        try {
            return Program.run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts it again, with what it had on disk. */
    public void restart() {
        process = KafkaProcess.run(directory);
    }

    private String properties(Path data, List<Broker> all) {
        StringBuilder listeners = new StringBuilder("DIRECT://" + address());
        StringBuilder advertised = new StringBuilder("DIRECT://" + address());
        StringBuilder protocols = new StringBuilder("CONTROLLER:PLAINTEXT,DIRECT:PLAINTEXT");
        ports.forEach((instance, port) -> {
            String name = instance.toUpperCase(Locale.ROOT);
            listeners.append(",").append(name).append("://127.0.0.1:").append(port);
            advertised
                    .append(",")
                    .append(name)
                    .append("://127.0.0.1:")
                    .append(relays.get(instance).port());
            protocols.append(",").append(name).append(":PLAINTEXT");
        });
        listeners.append(",CONTROLLER://127.0.0.1:").append(controllerPort);
        StringBuilder voters = new StringBuilder();
        for (Broker broker : all) {
            voters.append(voters.isEmpty() ? "" : ",")
                    .append(broker.number)
                    .append("@127.0.0.1:")
                    .append(broker.controllerPort);
        }
        int replicas = all.size();
        int inSync = replicas == 1 ? 1 : 2;
        return """
                process.roles=broker,controller
                node.id=%d
                controller.quorum.voters=%s
                listeners=%s
                advertised.listeners=%s
                listener.security.protocol.map=%s
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=DIRECT
                broker.session.timeout.ms=%d
                broker.heartbeat.interval.ms=%d
                log.dirs=%s
                auto.create.topics.enable=false
                default.replication.factor=%d
                min.insync.replicas=%d
                authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                principal.builder.class=%s
                super.users=User:CONTROLLER;User:DIRECT
                allow.everyone.if.no.acl.found=true
                offsets.topic.replication.factor=%d
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=%d
                transaction.state.log.min.isr=%d
                transaction.state.log.num.partitions=4
                group.initial.rebalance.delay.ms=0
                group.min.session.timeout.ms=2000
                num.network.threads=2
                group.consumer.min.session.timeout.ms=6000
                group.consumer.session.timeout.ms=6000
                group.consumer.min.heartbeat.interval.ms=1000
                group.consumer.heartbeat.interval.ms=1000
                """.formatted(
                        number,
                        voters,
                        listeners,
                        advertised,
                        protocols,
                        SESSION,
                        SESSION / 6,
                        data,
                        replicas,
                        inSync,
                        ListenerPrincipals.class.getName(),
                        replicas,
                        replicas,
                        inSync);
    }

    /** Waits until it answers. */
    public void awaitAnswer() {
        KafkaProcess.awaitAnswer(process, address(), number);
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        relays.values().forEach(relay -> {
            try {
                relay.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
