package io.tally.bench.contender;

import io.tally.bench.source.LineParser;
import io.tally.process.IpCounts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
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
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The count of the default pipeline, or with other windows, as a Kafka Streams application, exactly once. The source is
 * keyed by the IP, so there need not be a repartition topic. Lines are parsed by hand, as the others do it; the cache
 * spares it most of the changelog.
 *
 * <p>It has as many records per poll as the bare loop. Its transactions end by time and not with a poll, so that this
 * matters less to it, but with 5,000 it was slower from process start in each of four pairs of short runs: it did 0.64
 * to 0.89 of the lines per second.
 */
final class StreamsIpCount {
    private static final Duration GRACE = Duration.ofSeconds(IpCounts.GRACE);
    private static final DateTimeFormatter TIME = IpCounts.TIME.withZone(ZoneOffset.UTC);

    private StreamsIpCount() {}

    /**
     * Broker, source, application, sink, number of threads, whether the stores are in memory, directory, whether
     * records go through a repartition topic, windows; then settings as {@code name=value}, which override those below.
     */
    public static void main(String[] arguments) throws InterruptedException {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[2]);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.parseInt(arguments[4]));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[6]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 256L << 20);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 50_000);
        settings.put(StreamsConfig.consumerPrefix("max.partition.fetch.bytes"), 4_194_304);
        settings.put(StreamsConfig.producerPrefix("compression.type"), "lz4");
        settings.put(StreamsConfig.producerPrefix("batch.size"), 131_072);
        settings.put(StreamsConfig.producerPrefix("linger.ms"), 100);
        Arrays.stream(arguments)
                .skip(9)
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> settings.put(setting[0], setting[1]));
        boolean inMemory = Boolean.parseBoolean(arguments[5]);
        boolean repartition = Boolean.parseBoolean(arguments[7]);
        IpWindows windows = IpWindows.parse(arguments[8]);
        Topology topology = topology(arguments[1], arguments[3], inMemory, repartition, windows);
        KafkaStreams streams = new KafkaStreams(topology, settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
        streams.start();
        new CountDownLatch(1).await();
    }

    private static Topology topology(
            String source, String sink, boolean inMemory, boolean repartition, IpWindows windows) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        Serde<Bytes> key = Serdes.Bytes();
        StreamsBuilder builder = new StreamsBuilder();
        KStream<Bytes, byte[]> lines = builder.stream(
                source,
                Consumed.with(key, bytes)
                        .withTimestampExtractor((line, before) -> LineParser.second((byte[]) line.value()) * 1_000));
        if (repartition) {
            lines = lines.repartition(Repartitioned.with(key, bytes));
        }
        KTable<Windowed<Bytes>, Long> counts = counts(lines.groupByKey(Grouped.with(key, bytes)), inMemory, windows);
        if (!windows.updates()) {
            counts = counts.suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()));
        }
        counts.toStream()
                .map((window, count) -> {
                    String ip = new String(window.key().get(), StandardCharsets.US_ASCII);
                    String start =
                            TIME.format(Instant.ofEpochMilli(window.window().start()));
                    // A session that grew is gone under its old times.
                    long left = count == null ? 0 : count;
                    return KeyValue.pair(
                            window.key(), (start + " " + ip + " " + left).getBytes(StandardCharsets.US_ASCII));
                })
                .to(sink, Produced.with(key, bytes));
        return builder.build();
    }

    private static KTable<Windowed<Bytes>, Long> counts(
            KGroupedStream<Bytes, byte[]> lines, boolean inMemory, IpWindows windows) {
        Duration size = Duration.ofSeconds(windows.size());
        return windows.kind() == IpWindows.Kind.SESSION
                ? lines.windowedBy(SessionWindows.ofInactivityGapAndGrace(size, GRACE))
                        .count(StreamsIpCount.<SessionStore<Bytes, byte[]>>store(inMemory))
                : lines.windowedBy(TimeWindows.ofSizeAndGrace(size, GRACE)
                                .advanceBy(Duration.ofSeconds(windows.advance())))
                        .count(StreamsIpCount.<WindowStore<Bytes, byte[]>>store(inMemory));
    }

    private static <S extends StateStore> Materialized<Bytes, Long, S> store(boolean inMemory) {
        return Materialized.<Bytes, Long, S>with(Serdes.Bytes(), Serdes.Long())
                .withStoreType(inMemory ? BuiltInDslStoreSuppliers.IN_MEMORY : BuiltInDslStoreSuppliers.ROCKS_DB)
                .withCachingEnabled()
                .withLoggingEnabled(Map.of());
    }
}
