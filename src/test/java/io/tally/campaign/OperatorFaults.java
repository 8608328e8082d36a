package io.tally.campaign;

import static org.awaitility.Awaitility.await;

import io.tally.campaign.check.Commit;
import io.tally.campaign.check.Message;
import io.tally.campaign.read.StateTopic;
import io.tally.process.TallyProcess;
import io.tally.testkafka.Answers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do wrong while nobody runs. The partition must be refused, and once it is mended, everything
 * must go on as if nothing had happened.
 */
final class OperatorFaults {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final int FAR = 200;

    private OperatorFaults() {}

    /** A committed offset is deleted, or moved by a tool that drops the metadata or keeps them. */
    static Struck moveOffset(Scene scene, Random random) throws Exception {
        List<String> all = stop(scene);
        Struck struck = scene.now();
        String group = scene.topics().group();
        Admin admin = scene.cluster().admin();
        Map<TopicPartition, OffsetAndMetadata> committed =
                Answers.get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        TopicPartition partition = new TopicPartition(scene.topics().source(), random.nextInt(scene.partitions()));
        OffsetAndMetadata right = committed.get(partition);
        if (right == null) {
            throw new IllegalStateException("no commit of " + partition);
        }
        int kind = random.nextInt(3);
        long other = random.nextBoolean()
                ? Math.max(0, right.offset() - 1 - random.nextInt(FAR))
                : right.offset() + 1 + random.nextInt(FAR);
        OffsetAndMetadata wrong = new OffsetAndMetadata(other, kind == 1 ? "" : right.metadata());
        scene.collector().disregard(new Commit(partition.partition(), other, wrong.metadata()));
        refused(
                scene,
                all,
                () -> {
                    if (kind == 0) {
                        admin.deleteConsumerGroupOffsets(group, Set.of(partition))
                                .all()
                                .get();
                    } else {
                        admin.alterConsumerGroupOffsets(group, Map.of(partition, wrong))
                                .all()
                                .get();
                    }
                },
                () -> admin.alterConsumerGroupOffsets(group, Map.of(partition, right))
                        .all()
                        .get());
        return scene.over(struck);
    }

    /** An entry of the state is gone, is an old version of itself, or has a wrong byte. Null if there is no entry. */
    static @Nullable Struck damageState(Scene scene, Random random) throws Exception {
        List<String> all = stop(scene);
        Struck struck = scene.now();
        try (StateTopic state = scene.state()) {
            List<Message> live = state.entries();
            if (live.isEmpty()) {
                all.forEach(scene::start);
                return null;
            }
            Message right = live.get(random.nextInt(live.size()));
            Message older = state.before(right);
            String value = switch (random.nextInt(3)) {
                case 0 -> null;
                case 1 -> older == null ? null : older.value();
                default -> state.withWrongByte(right, random);
            };
            refused(scene, all, () -> state.write(right, value), () -> state.write(right, right.value()));
        }
        return scene.over(struck);
    }

    private static List<String> stop(Scene scene) {
        List<String> all = List.copyOf(scene.instances().keySet());
        all.forEach(name -> scene.instances().remove(name).stop());
        return all;
    }

    /** Does something wrong, waits until somebody refuses to go on, and mends it. */
    private static void refused(Scene scene, List<String> all, ThrowingRunnable damage, ThrowingRunnable mend)
            throws Exception {
        patiently(scene, damage);
        all.forEach(scene::start);
        await("a refusal; see " + scene.directory())
                .atMost(PATIENCE)
                .until(() -> scene.instances().values().stream().anyMatch(TallyProcess::refuses));
        stop(scene);
        patiently(scene, mend);
        all.forEach(scene::start);
    }

    /** The group may still have members that were killed, and the broker may have just come back. */
    private static void patiently(Scene scene, ThrowingRunnable deed) throws Exception {
        scene.cluster().whole(() -> {
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(deed);
            return deed;
        });
    }
}
