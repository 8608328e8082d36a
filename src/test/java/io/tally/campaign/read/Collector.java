package io.tally.campaign.read;

import io.tally.campaign.check.Commit;
import io.tally.campaign.check.Evidence;
import io.tally.campaign.check.Message;
import io.tally.campaign.check.Rules;
import io.tally.testkafka.Answers;
import io.tally.testkafka.OffsetCommit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Collects what a pipeline has left in a cluster. */
public final class Collector {
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final Admin admin;
    private final String broker;
    private final Topics topics;
    private final int partitions;
    private final boolean shuffled;
    private final Set<Commit> strangeCommits = new HashSet<>();
    private final Set<Message.Position> strangeState = new HashSet<>();

    public Collector(Admin admin, String broker, Topics topics, Rules rules) {
        this.admin = admin;
        this.broker = broker;
        this.topics = topics;
        partitions = rules.partitions();
        shuffled = rules.shuffled();
    }

    /** @param live what was seen while it happened */
    public Evidence collect(Evidence.Outputs live) {
        Evidence.Outputs after = new Evidence.Outputs(read(topics.sink()), read(topics.late()), read(topics.dead()));
        List<Long> committed = new ArrayList<>();
        Map<TopicPartition, Long> offsets = committed(true);
        for (int partition = 0; partition < partitions; partition++) {
            committed.add(offsets.getOrDefault(new TopicPartition(topics.source(), partition), -1L));
        }
        List<Message> state = shuffled ? new ArrayList<>() : read(topics.state());
        state.removeIf(message -> strangeState.contains(new Message.Position(message.partition(), message.offset())));
        return new Evidence(read(topics.source()), after, live, commits(), state, ends(), committed);
    }

    /** Leaves out a commit that an operator made. */
    public void disregard(Commit commit) {
        strangeCommits.add(commit);
    }

    /** Leaves out a record of the state topic that an operator wrote. */
    void disregard(Message.Position position) {
        strangeState.add(position);
    }

    /** The state topic as it is now; that of the merge if there is one. */
    public StateTopic stateTopic() {
        String topic = shuffled ? topics.mergeState() : topics.state();
        return new StateTopic(broker, topic, this, read(topic));
    }

    /** Committed offsets of the source. */
    public Map<TopicPartition, Long> committed(boolean stable) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Answers.get(admin.listConsumerGroupOffsets(
                                topics.group(), new ListConsumerGroupOffsetsOptions().requireStable(stable))
                        .partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null && partition.topic().equals(topics.source())) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /** Whether everything is read, and no transaction is open in any topic. */
    public boolean isDone() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            TopicPartition source = new TopicPartition(topics.source(), partition);
            ends.put(source, end(source, IsolationLevel.READ_UNCOMMITTED));
        }
        return committed(true).equals(ends) && ends().stream().allMatch(end -> end.stable() == end.end());
    }

    /** How many records the sink's partitions hold, markers included. */
    public Map<TopicPartition, Long> endsOf(String topic) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            TopicPartition of = new TopicPartition(topic, partition);
            ends.put(of, end(of, IsolationLevel.READ_UNCOMMITTED));
        }
        return ends;
    }

    private List<Evidence.End> ends() {
        List<Evidence.End> ends = new ArrayList<>();
        for (String topic : new TreeSet<>(Answers.get(admin.listTopics().names()))) {
            if (!topics.owns(topic)) {
                continue;
            }
            int count = partitionsOf(topic);
            for (int number = 0; number < count; number++) {
                TopicPartition partition = new TopicPartition(topic, number);
                // The stable one first: what is written between does not look open then.
                long stable = end(partition, IsolationLevel.READ_COMMITTED);
                long end = end(partition, IsolationLevel.READ_UNCOMMITTED);
                String name = topic.equals(topics.source()) ? "source" : topic;
                ends.add(new Evidence.End(name + "-" + number, stable, end));
            }
        }
        return ends;
    }

    private long end(TopicPartition partition, IsolationLevel isolation) {
        return Answers.get(admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                        .partitionResult(partition))
                .offset();
    }

    private int partitionsOf(String topic) {
        return Answers.get(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions()
                .size();
    }

    private List<Message> read(String topic) {
        List<Message> messages = new ArrayList<>();
        int count = partitionsOf(topic);
        for (int partition = 0; partition < count; partition++) {
            read(new TopicPartition(topic, partition), record -> messages.add(Messages.of(record)));
        }
        return messages;
    }

    /** Everything that was committed of the source, in order. */
    private List<Commit> commits() {
        List<Commit> commits = new ArrayList<>();
        int count = partitionsOf(OffsetCommit.TOPIC);
        for (int partition = 0; partition < count; partition++) {
            read(new TopicPartition(OffsetCommit.TOPIC, partition), record -> commit(record, commits));
        }
        commits.removeAll(strangeCommits);
        commits.sort(Comparator.comparingInt(Commit::partition));
        return commits;
    }

    private void commit(ConsumerRecord<byte[], byte[]> record, List<Commit> commits) {
        OffsetCommit found = OffsetCommit.of(record);
        if (found != null
                && found.group().equals(topics.group())
                && found.topic().equals(topics.source())) {
            commits.add(new Commit(found.partition(), found.offset(), found.metadata()));
        }
    }

    /** Everything committed, up to the high watermark. */
    private void read(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        long end = end(partition, IsolationLevel.READ_UNCOMMITTED);
        try (KafkaConsumer<byte[], byte[]> consumer = Messages.consumer(broker)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(action);
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(partition + " cannot be read beyond " + consumer.position(partition)
                            + " of " + end + ": a transaction hangs");
                }
            }
        }
    }
}
