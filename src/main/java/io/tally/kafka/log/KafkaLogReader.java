package io.tally.kafka.log;

import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.Futures;
import io.tally.kafka.client.NativeLz4;
import io.tally.kafka.transaction.RecordView;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** A {@link LogReader} with a consumer that assigns itself its partition, and an admin client. */
public final class KafkaLogReader implements LogReader {
    private static final Duration POLL = Duration.ofMillis(200);
    /**
     * Ranges of up to so many offsets are read with small fetches: a search that looks here and there would wait for
     * large ones.
     */
    private static final long SHORT = 1_000;

    private static final int SHORT_FETCH_BYTES = 64 << 10;
    /**
     * At the end of a log there is nothing to wait for, and a client asks for more while it hands out what it has. Its
     * next read would wait for that answer.
     */
    private static final int FETCH_WAIT_MILLIS = 10;

    /** Longer than a fail-over of a broker. */
    private static final Duration GIVE_UP = Duration.ofSeconds(60);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final BrokerQuestions broker;
    private final Admin admin;
    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final Map<String, Object> forShortReads;
    /** Null until there is a short read. */
    private @Nullable Consumer<ByteBuffer, ByteBuffer> shortReads;
    /** The topics' numbers of partitions. */
    private final Map<String, Integer> known = new HashMap<>();

    /**
     * Makes the clients. They connect when they are first used.
     *
     * @param name what the clients are called after "tally-"
     * @throws LogException if what listens at the broker's address is no Kafka
     */
    public KafkaLogReader(ClientSettings settings, String name) {
        this(settings, name, AskAgain.NEVER);
    }

    /**
     * As the other.
     *
     * @param again how long it waits for answers
     */
    public KafkaLogReader(ClientSettings settings, String name, AskAgain again) {
        NativeLz4.load();
        broker = new BrokerQuestions(settings, again);
        admin = broker.admin("tally-" + name + "-admin");
        Map<String, Object> forConsumer = new HashMap<>(settings.consumer());
        forConsumer.put(ConsumerConfig.CLIENT_ID_CONFIG, "tally-" + name);
        // It joins no group, so it needs none of a group's settings.
        forConsumer.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        forConsumer.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        forConsumer.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        consumer = new KafkaConsumer<>(forConsumer);
        forShortReads = new HashMap<>(forConsumer);
        forShortReads.put(ConsumerConfig.CLIENT_ID_CONFIG, "tally-" + name + "-short");
        forShortReads.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, SHORT_FETCH_BYTES);
    }

    private Consumer<ByteBuffer, ByteBuffer> reading(OffsetRange range) {
        if (range.length() > SHORT) {
            return consumer;
        }
        if (shortReads == null) {
            shortReads = new KafkaConsumer<>(forShortReads);
        }
        return shortReads;
    }

    @Override
    public int partitions(String topic) {
        return broker.ask("the topic " + topic, () -> {
            try {
                Map<String, TopicDescription> found =
                        Futures.get(admin.describeTopics(List.of(topic)).allTopicNames());
                int partitions = found.values().stream()
                        .mapToInt(description -> description.partitions().size())
                        .sum();
                known.put(topic, partitions);
                return partitions;
            } catch (UnknownTopicOrPartitionException e) {
                return 0;
            }
        });
    }

    @Override
    public OffsetRange range(String topic, int partition) {
        TopicPartition id = new TopicPartition(topic, partition);
        return broker.ask("where " + id + " begins and ends", () -> {
            long start = consumer.beginningOffsets(Set.of(id)).getOrDefault(id, 0L);
            // Of a consumer that reads what is committed, the end is the last stable offset.
            return new OffsetRange(
                    start, Math.max(start, consumer.endOffsets(Set.of(id)).getOrDefault(id, 0L)));
        });
    }

    @Override
    public OffsetRange settled(String topic, int partition) {
        TopicPartition id = new TopicPartition(topic, partition);
        return broker.ask("the end of " + id, () -> {
            long end = Futures.get(admin.listOffsets(
                                    Map.of(id, OffsetSpec.latest()),
                                    new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                            .partitionResult(id))
                    .offset();
            OffsetRange[] held = {range(topic, partition)};
            until(
                    () -> held[0].to() >= end,
                    () -> held[0] = range(topic, partition),
                    () -> "a transaction has been open there for " + GIVE_UP.toSeconds()
                            + " s, so that what stands behind offset " + held[0].to() + " is not known");
            return held[0];
        });
    }

    /**
     * Looks again and again until there is enough.
     *
     * @throws BrokerQuestions.NotYetException if there is not in the end, with these words
     */
    private static void until(BooleanSupplier isEnough, Runnable look, Supplier<String> problem) {
        long began = System.nanoTime();
        while (!isEnough.getAsBoolean()) {
            if (System.nanoTime() - began > GIVE_UP.toNanos()) {
                throw new BrokerQuestions.NotYetException(problem.get());
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            look.run();
        }
    }

    @Override
    public long offsetAt(String topic, int partition, long time) {
        TopicPartition id = new TopicPartition(topic, partition);
        OffsetRange range = range(topic, partition);
        return broker.ask("offsets by time of " + id, () -> {
            @Nullable
            OffsetAndTimestamp found =
                    consumer.offsetsForTimes(Map.of(id, Math.max(0, time))).get(id);
            return found == null ? range.to() : Math.min(found.offset(), range.to());
        });
    }

    @Override
    public long read(String topic, int partition, OffsetRange range, Receiver receiver) {
        TopicPartition id = new TopicPartition(topic, partition);
        @Nullable Integer count = known.get(topic);
        RecordView view = new RecordView(count == null ? partitions(topic) : count);
        String what = "offsets " + range.from() + " to " + range.to() + " of " + id;
        return broker.askOnce(what, () -> {
            Consumer<ByteBuffer, ByteBuffer> reader = reading(range);
            reader.assign(Set.of(id));
            reader.seek(id, range.from());
            long position = range.from();
            long moved = System.nanoTime();
            long silent = moved;
            while (position < range.to()) {
                for (ConsumerRecord<ByteBuffer, ByteBuffer> record :
                        broker.probe.poll(reader, POLL).records(id)) {
                    if (record.offset() >= range.to()) {
                        return range.to();
                    }
                    if (!receiver.take(view.of(record))) {
                        return record.offset() + 1;
                    }
                }
                long reached = reader.position(id);
                long now = System.nanoTime();
                if (reached > position) {
                    position = reached;
                    moved = now;
                    silent = now;
                } else if (now - moved > GIVE_UP.toNanos()) {
                    TimeoutException silence = new TimeoutException(
                            "nothing came after offset " + position + " for " + GIVE_UP.toSeconds() + " s");
                    if (!broker.waitsOn(what, silent, silence)) {
                        throw silence;
                    }
                    moved = now;
                }
            }
            return Math.min(position, range.to());
        });
    }

    @Override
    public boolean isCompacted(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return broker.ask("the settings of " + topic, () -> {
            try {
                ConfigEntry policy = Futures.get(Objects.requireNonNull(admin.describeConfigs(List.of(resource))
                                .values()
                                .get(resource)))
                        .get(TopicConfig.CLEANUP_POLICY_CONFIG);
                return policy != null && String.valueOf(policy.value()).contains(TopicConfig.CLEANUP_POLICY_COMPACT);
            } catch (AuthorizationException | UnknownTopicOrPartitionException e) {
                return false;
            }
        });
    }

    /**
     * The admin client leaves out a partition on which a transaction is pending, without an error. So it is asked until
     * there was a moment for each of them.
     */
    @Override
    public SortedMap<Integer, CommittedOffset> committed(String group, String topic) {
        int partitions = partitions(topic);
        return broker.ask("the offsets of group " + group, () -> {
            SortedMap<Integer, CommittedOffset> found = new TreeMap<>();
            // Of partitions that the topic no longer has nothing is pending.
            offsets(group, new ListConsumerGroupOffsetsSpec(), false).forEach((id, offset) -> {
                if (id.topic().equals(topic) && id.partition() >= partitions) {
                    add(found, id, offset);
                }
            });
            Set<TopicPartition> open = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .collect(Collectors.toCollection(HashSet::new));
            Runnable look = () -> settled(group, Set.copyOf(open)).forEach((id, offset) -> {
                open.remove(id);
                add(found, id, offset);
            });
            if (!open.isEmpty()) {
                look.run();
            }
            until(open::isEmpty, look, () -> "a transaction has been pending on it for " + GIVE_UP.toSeconds() + " s");
            return found;
        });
    }

    private static void add(
            Map<Integer, CommittedOffset> found, TopicPartition id, @Nullable OffsetAndMetadata offset) {
        if (offset != null) {
            found.put(id.partition(), new CommittedOffset(offset.offset(), offset.metadata()));
        }
    }

    /**
     * What a group has committed of those of the partitions that no transaction is pending on, null where that is
     * nothing.
     */
    private Map<TopicPartition, @Nullable OffsetAndMetadata> settled(String group, Set<TopicPartition> partitions) {
        return offsets(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions), true);
    }

    private Map<TopicPartition, @Nullable OffsetAndMetadata> offsets(
            String group, ListConsumerGroupOffsetsSpec of, boolean settled) {
        try {
            return Futures.get(admin.listConsumerGroupOffsets(
                            Map.of(group, of), new ListConsumerGroupOffsetsOptions().requireStable(settled))
                    .partitionsToOffsetAndMetadata(group));
        } catch (GroupIdNotFoundException e) {
            // It has committed nothing.
            Map<TopicPartition, @Nullable OffsetAndMetadata> nothing = new HashMap<>();
            if (of.topicPartitions() != null) {
                of.topicPartitions().forEach(id -> nothing.put(id, null));
            }
            return nothing;
        }
    }

    @Override
    public void close() {
        try {
            consumer.close();
            if (shortReads != null) {
                shortReads.close();
            }
        } finally {
            admin.close(Duration.ofSeconds(5));
        }
    }
}
