package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.ground.Bench;
import io.tally.process.IpCountTopics;
import io.tally.testkafka.Answers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/**
 * Notices when all processes of a run are at work: each partition has been committed since there were as many members
 * in the group as processes, none without partitions. Before, the first of several may do all the work, and has it to
 * itself.
 */
final class AllAtWork {
    private final Bench bench;
    private final String group;
    private final int processes;
    /** What was committed when the processes had come to share the partitions; empty before. */
    private Map<TopicPartition, Long> shared = Map.of();

    private boolean reached;

    AllAtWork(Bench bench, Contender contender, String group) {
        this.bench = bench;
        this.group = group;
        processes = contender.instances().size();
    }

    /** Whether it is so, or was once. */
    boolean isReached() {
        if (processes > 1 && !reached) {
            look();
        }
        return processes == 1 || reached;
    }

    private void look() {
        Map<TopicPartition, Long> committed = IpCountTopics.offsets(bench.admin(), group, false);
        if (!shared.isEmpty()) {
            reached = shared.entrySet().stream()
                    .allMatch(partition -> committed.getOrDefault(partition.getKey(), 0L) > partition.getValue());
        } else if (areShared(committed.keySet())) {
            shared = committed;
        }
    }

    private boolean areShared(Collection<TopicPartition> partitions) {
        ConsumerGroupDescription description = Answers.get(
                        bench.admin().describeConsumerGroups(List.of(group)).all())
                .get(group);
        List<MemberDescription> members = List.copyOf(description.members());
        return description.groupState() == GroupState.STABLE
                && members.size() >= processes
                && members.stream().noneMatch(member -> owned(member).isEmpty())
                // All of them have been committed, so that each is compared.
                && members.stream().allMatch(member -> partitions.containsAll(owned(member)));
    }

    private static Collection<TopicPartition> owned(MemberDescription member) {
        return member.assignment().topicPartitions();
    }
}
