package io.tally.campaign.cluster;

import io.tally.process.KafkaProcess;
import io.tally.process.Relay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/**
 * One broker, or three that replicate everything and of which two must be there. Several pipelines run on it side by
 * side, each in a place of its own.
 */
public final class Cluster implements AutoCloseable {
    /** Instances of a pipeline that a relay is there for. */
    private static final List<String> INSTANCES = List.of("a", "b", "c");

    private final List<Broker> brokers = new ArrayList<>();
    private final Admin admin;
    private final ReentrantReadWriteLock outages = new ReentrantReadWriteLock(true);
    private final ReentrantLock whole = new ReentrantLock(true);
    private volatile long calmSince = System.nanoTime();

    /** Something that needs brokers, or takes them away. */
    public interface Work<T> {
        T run() throws Exception;
    }

    /** @param places how many pipelines have relays of their own */
    public Cluster(Path directory, int size, int places) {
        List<String> names = new ArrayList<>();
        for (int place = 0; place < places; place++) {
            for (String instance : INSTANCES) {
                names.add(name(place, instance));
            }
        }
        for (int number = 1; number <= size; number++) {
            brokers.add(new Broker(number, directory.resolve("broker-" + number), names));
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

    private static String name(int place, String instance) {
        return instance + place;
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
    public String address(int place, String instance) {
        return brokers.stream()
                .map(broker ->
                        "127.0.0.1:" + broker.relay(name(place, instance)).port())
                .collect(Collectors.joining(","));
    }

    /** All relays of an instance. */
    public List<Relay> relays(int place, String instance) {
        return brokers.stream()
                .map(broker -> broker.relay(name(place, instance)))
                .toList();
    }

    public Admin admin() {
        return admin;
    }

    /** While it is done, some broker is there. */
    public <T> T reachable(Work<T> work) throws Exception {
        outages.readLock().lock();
        try {
            return work.run();
        } finally {
            outages.readLock().unlock();
        }
    }

    /** While it is done, nobody else takes a broker away. */
    public <T> T whole(Work<T> work) throws Exception {
        return reachable(() -> {
            whole.lock();
            try {
                return work.run();
            } finally {
                whole.unlock();
            }
        });
    }

    /** Takes all brokers away: while it is done, nobody else does anything that needs one. */
    public <T> T outage(Work<T> work) throws Exception {
        outages.writeLock().lock();
        try {
            return work.run();
        } finally {
            calmSince = System.nanoTime();
            outages.writeLock().unlock();
        }
    }

    /** Nano time since which all brokers have not been away at once. */
    public long calmSince() {
        return outages.isWriteLocked() ? System.nanoTime() : calmSince;
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
