package io.tally.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * The count of the default pipeline as a Flink job, exactly once, a row when its window closes, in a local cluster
 * within this process. Lines are parsed by hand, as the others do it. Between source and windows there is a shuffle, as
 * always in Flink; it carries the IP and the time, not the line.
 */
public final class FlinkIpCount {
    /** Where it reads, under which group, where it writes, and the windows. */
    private record Place(String broker, String source, String group, String sink, Duration size, Duration grace) {}

    /** Directory, job, checkpoint, metadata. */
    private static final int CHECKPOINT_DEPTH = 3;

    private FlinkIpCount() {}

    /**
     * Broker, source, group, sink, number of slots, directory, milliseconds between checkpoints, seconds of a window,
     * seconds of grace.
     */
    public static void main(String[] arguments) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(
                Integer.parseInt(arguments[4]),
                configuration(arguments[5], Duration.ofMillis(Long.parseLong(arguments[6]))));
        build(
                environment,
                new Place(
                        arguments[0],
                        arguments[1],
                        arguments[2],
                        arguments[3],
                        Duration.ofSeconds(Long.parseLong(arguments[7])),
                        Duration.ofSeconds(Long.parseLong(arguments[8]))));
        environment.execute("ip-count");
    }

    private static Configuration configuration(String directory, Duration checkpoints) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.TMP_DIRS, directory);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        // The heap holds the state, and nothing else here asks for managed memory.
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ZERO);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpoints);
        // Rows leave with a checkpoint, and none shall leave without what the watermark could have closed by then.
        Duration watermarks = PipelineOptions.AUTO_WATERMARK_INTERVAL.defaultValue();
        configuration.set(
                PipelineOptions.AUTO_WATERMARK_INTERVAL,
                watermarks.compareTo(checkpoints) < 0 ? watermarks : checkpoints);
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + directory);
        newestCheckpoint(Path.of(directory))
                .ifPresent(checkpoint -> configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint));
        // A run that fails is worth nothing, so it shall end rather than start again.
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return configuration;
    }

    /** Where an earlier process of this run was killed, there is one to go on from. */
    private static Optional<String> newestCheckpoint(Path directory) throws IOException {
        try (Stream<Path> files = Files.find(
                directory,
                CHECKPOINT_DEPTH,
                (path, attributes) -> path.endsWith("_metadata") && attributes.isRegularFile())) {
            return files.max(Comparator.comparing(FlinkIpCount::modified))
                    .map(metadata -> metadata.getParent().toUri().toString());
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void build(StreamExecutionEnvironment environment, Place place) {
        WatermarkStrategy<byte[]> time = WatermarkStrategy.<byte[]>forBoundedOutOfOrderness(place.grace())
                .withTimestampAssigner((line, before) -> time(line));
        environment
                .fromSource(source(place), time, "lines")
                .map(FlinkIpCount::ip)
                .returns(Types.STRING)
                .keyBy(ip -> ip, Types.STRING)
                .window(TumblingEventTimeWindows.of(place.size()))
                .aggregate(new Count(), new Rows())
                .sinkTo(sink(place));
    }

    @SuppressWarnings("deprecation") // of an enum of Kafka's, which the connector has kept
    private static KafkaSource<byte[]> source(Place place) {
        return KafkaSource.<byte[]>builder()
                .setBootstrapServers(place.broker())
                .setTopics(place.source())
                .setGroupId(place.group())
                .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
                .setValueOnlyDeserializer(new Line())
                .setProperty("isolation.level", "read_committed")
                .setProperty("max.poll.records", "50000")
                .setProperty("max.partition.fetch.bytes", "4194304")
                .setProperty("commit.offsets.on.checkpoint", "true")
                .build();
    }

    private static KafkaSink<Row> sink(Place place) {
        return KafkaSink.<Row>builder()
                .setBootstrapServers(place.broker())
                .setRecordSerializer(KafkaRecordSerializationSchema.<Row>builder()
                        .setTopic(place.sink())
                        .setKeySerializationSchema(new Row.Key())
                        .setValueSerializationSchema(new Row.Text())
                        .build())
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(place.group())
                // The one that asks least of the broker.
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                // Flink's own default is longer than a broker allows.
                .setProperty("transaction.timeout.ms", "600000")
                .setProperty("compression.type", "lz4")
                .setProperty("batch.size", "131072")
                .setProperty("linger.ms", "100")
                .build();
    }

    private static final class Line extends AbstractDeserializationSchema<byte[]> {
        @Override
        public byte[] deserialize(byte[] value) {
            return value;
        }
    }

    private static String ip(byte[] line) {
        int end = 20;
        while (end < line.length && line[end] != ' ') {
            end++;
        }
        return new String(line, 20, end - 20, StandardCharsets.ISO_8859_1);
    }

    private static long time(byte[] line) {
        return LocalDateTime.of(
                                number(line, 0, 4),
                                number(line, 5, 2),
                                number(line, 8, 2),
                                number(line, 11, 2),
                                number(line, 14, 2),
                                number(line, 17, 2))
                        .toEpochSecond(ZoneOffset.UTC)
                * 1_000;
    }

    private static int number(byte[] line, int start, int length) {
        int number = 0;
        for (int i = start; i < start + length; i++) {
            number = number * 10 + line[i] - '0';
        }
        return number;
    }
}
