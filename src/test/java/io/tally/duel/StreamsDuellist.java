package io.tally.duel;

import io.tally.testkafka.Faults;
import io.tally.testkafka.StreamsCount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Kafka Streams in a duel: exactly once, static members, so that a restart is not a rebalance, and time-outs as short
 * as those of Tally, so that it does not wait longer for what a killed instance leaves behind.
 */
final class StreamsDuellist implements Duellist {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Running(KafkaStreams streams, Faults faults) {}

    private final boolean repartitioned;
    private final String bootstrap;
    private final String application;
    private final String source;
    private final String sink;
    private final Path directory;
    private final Map<String, Running> instances = new ConcurrentHashMap<>();
    private int starts;

    StreamsDuellist(
            boolean repartitioned, String bootstrap, String application, String source, String sink, Path directory) {
        this.repartitioned = repartitioned;
        this.bootstrap = bootstrap;
        this.application = application;
        this.source = source;
        this.sink = sink;
        this.directory = directory;
    }

    @Override
    public void start(String instance, int poll, Runnable taking) {
        Properties settings = StreamsCount.settings(
                bootstrap, application, directory.resolve(application + "-" + instance + "-" + starts++));
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), poll);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 20);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instance);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 3_000);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 300);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 2_000);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        Faults faults = new Faults();
        KafkaStreams streams = new KafkaStreams(
                StreamsCount.topology(source, sink, repartitioned, taking), settings, new Killable(faults));
        instances.put(instance, new Running(streams, faults));
        streams.start();
    }

    @Override
    public void die(String instance) {
        instances.get(instance).faults().kill();
    }

    @Override
    public void end(String instance) {
        Running ended = instances.remove(instance);
        if (ended != null) {
            ended.streams().close(PATIENCE);
        }
    }

    @Override
    public void close() {
        List.copyOf(instances.keySet()).forEach(this::end);
    }

    /** Clients that say nothing more once the process is dead. */
    private static final class Killable implements KafkaClientSupplier {
        private final Faults faults;

        Killable(Faults faults) {
            this.faults = faults;
        }

        @Override
        public Admin getAdmin(Map<String, Object> config) {
            return Admin.create(config);
        }

        @Override
        public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
            return faults.producer(new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
        }

        @Override
        public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
            return faults.consumer(consumer(config));
        }

        /** It only reads. */
        @Override
        public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
            return consumer(config);
        }

        /** It only reads. */
        @Override
        public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
            return consumer(config);
        }

        private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
            return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
    }
}
