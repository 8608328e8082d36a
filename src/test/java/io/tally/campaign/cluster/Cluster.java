package io.tally.campaign.cluster;

import io.tally.process.KafkaProcess;
import io.tally.process.Relay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/** One broker, or three that replicate everything and of which two must be there. */
public final class Cluster implements AutoCloseable {
    /** Instances that a relay is there for. */
    public static final List<String> INSTANCES = List.of("a", "b", "c");

    private final List<Broker> brokers = new ArrayList<>();
    private final Admin admin;

    public Cluster(Path directory, int size) {
        for (int number = 1; number <= size; number++) {
            brokers.add(new Broker(number, directory.resolve("broker-" + number), INSTANCES));
        }
        try {
            String id = Uuid.randomUuid().toString();
            brokers.forEach(broker -> broker.start(brokers, id));
            brokers.forEach(Broker::awaitAnswer);
            admin = KafkaProcess.admin(address());
        } catch (RuntimeException e) {
            brokers.forEach(Broker::close);
            throw e;
        }
    }

    public List<Broker> brokers() {
        return brokers;
    }

    public Broker broker(int number) {
        return brokers.get(number - 1);
    }

    /** For the tests' own clients. */
    public String address() {
        return brokers.stream().map(Broker::address).collect(Collectors.joining(","));
    }

    /** For an instance: relays. */
    public String address(String instance) {
        return brokers.stream()
                .map(broker -> "127.0.0.1:" + broker.relay(instance).port())
                .collect(Collectors.joining(","));
    }

    /** All relays of an instance. */
    public List<Relay> relays(String instance) {
        return brokers.stream().map(broker -> broker.relay(instance)).toList();
    }

    public Admin admin() {
        return admin;
    }

    public void create(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) brokers.size())))
                .all()
                .get();
    }

    @Override
    public void close() {
        admin.close();
        brokers.forEach(Broker::close);
    }
}
