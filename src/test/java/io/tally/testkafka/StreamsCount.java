package io.tally.testkafka;

import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The count of the tests' pipeline as a Kafka Streams application: lines of any partition, grouped by key through a
 * repartition topic, exactly once, a row when its window closes. One thread, so that records reach the repartition
 * topic in the order in which they are {@link #taken}.
 */
public final class StreamsCount implements AutoCloseable {
    private final AtomicLong taken = new AtomicLong();
    private final KafkaStreams streams;

    /** @param directory a directory for this application alone; it only holds a lock, since the stores are in memory */
    public StreamsCount(String bootstrap, String application, String source, String sink, Path directory) {
        streams = new KafkaStreams(
                topology(source, sink, true, taken::incrementAndGet), settings(bootstrap, application, directory));
    }

    /** Settings of an instance that shares its work with others of the same application. */
    public static Properties settings(String bootstrap, String application, Path directory) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        return settings;
    }

    /**
     * The count.
     *
     * @param repartitioned whether keys may be in several partitions
     * @param taking is told of each line that is read
     */
    public static Topology topology(String source, String sink, boolean repartitioned, Runnable taking) {
        Serde<String> text = Serdes.String();
        Grouped<String, String> grouped = Grouped.with(text, text);
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> lines = builder.stream(
                        source, Consumed.with(text, text).withTimestampExtractor((line, before) -> time(line.value())))
                .peek((any, line) -> taking.run());
        KGroupedStream<String, String> groups =
                repartitioned ? lines.groupBy((any, line) -> line.split(" ")[1], grouped) : lines.groupByKey(grouped);
        groups.windowedBy(TimeWindows.ofSizeAndGrace(LinesPipeline.SIZE, LinesPipeline.GRACE))
                .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>with(text, Serdes.Long())
                        .withStoreType(BuiltInDslStoreSuppliers.IN_MEMORY))
                .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
                .toStream()
                .map((window, count) ->
                        KeyValue.pair(window.key(), window.window().start() + " " + window.key() + " " + count))
                .to(sink, Produced.with(text, text));
        return builder.build();
    }

    private static long time(Object line) {
        String text = line.toString();
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    public StreamsCount start() {
        streams.start();
        return this;
    }

    /** How many lines it has read and passed on to the repartition topic. */
    public long taken() {
        return taken.get();
    }

    /** How many records it says it has dropped. */
    public long dropped() {
        return streams.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("dropped-records-total"))
                .mapToLong(metric -> ((Double) metric.metricValue()).longValue())
                .sum();
    }

    @Override
    public void close() {
        streams.close();
    }
}
