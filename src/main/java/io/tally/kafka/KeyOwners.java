package io.tally.kafka;

import io.tally.kafka.client.Futures;
import io.tally.pipeline.control.Elsewhere;
import io.tally.plan.KafkaPipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds out from the consumer group which other instances have partitions. */
final class KeyOwners {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Supplier<Admin> admin;
    private final KafkaPipeline pipeline;

    KeyOwners(Supplier<Admin> admin, KafkaPipeline pipeline) {
        this.admin = admin;
        this.pipeline = pipeline;
    }

    /**
     * Who has these partitions, one element for each member; at last those that nobody has.
     *
     * @throws org.apache.kafka.common.KafkaException if the broker does not say
     */
    List<Elsewhere> of(Set<Integer> partitions) {
        Set<Integer> missing = new TreeSet<>(partitions);
        List<Elsewhere> owners = new ArrayList<>();
        ConsumerGroupDescription group = Futures.get(
                        admin.get()
                                .describeConsumerGroups(List.of(pipeline.groupId()))
                                .all(),
                        PATIENCE)
                .get(pipeline.groupId());
        for (MemberDescription member : group == null ? List.<MemberDescription>of() : group.members()) {
            List<Integer> its = member.assignment().topicPartitions().stream()
                    .filter(id -> id.topic().equals(pipeline.topics().source()))
                    .map(TopicPartition::partition)
                    .filter(missing::remove)
                    .sorted()
                    .toList();
            if (!its.isEmpty()) {
                String host = member.host().startsWith("/") ? member.host().substring(1) : member.host();
                owners.add(new Elsewhere(instance(member.groupInstanceId().orElse(null)), host, its));
            }
        }
        if (!missing.isEmpty()) {
            owners.add(new Elsewhere(null, null, List.copyOf(missing)));
        }
        return owners;
    }

    /** The member's name without its lane, as {@link KafkaPipeline#groupInstanceId} makes it. */
    private static @Nullable String instance(@Nullable String groupInstanceId) {
        int end = groupInstanceId == null ? -1 : groupInstanceId.lastIndexOf('-');
        return groupInstanceId == null || end < 0 ? groupInstanceId : groupInstanceId.substring(0, end);
    }
}
