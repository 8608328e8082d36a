package io.tally.campaign;

import io.tally.campaign.read.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What befalls permissions. Everybody may do what nobody is denied. */
final class AccessFaults {
    private static final String EVERYBODY = "User:*";

    private AccessFaults() {}

    /** One of those that instances need all the time, or when they restore. */
    static Struck takeAway(Scene scene, Random random) throws Exception {
        Admin admin = scene.cluster().admin();
        List<Needed> all = needed(scene);
        Needed taken = all.get(random.nextInt(all.size()));
        // With any rule, instances may do nothing that no rule allows.
        admin.createAcls(List.of(
                        taken.rule(AclOperation.ALL, AclPermissionType.ALLOW),
                        taken.rule(taken.operation, AclPermissionType.DENY)))
                .all()
                .get();
        Struck struck = scene.now();
        try {
            Scene.last(Duration.ofMillis(2_000 + random.nextInt(8_000)));
        } finally {
            admin.deleteAcls(List.of(new AclBindingFilter(taken.resource().toFilter(), AccessControlEntryFilter.ANY)))
                    .all()
                    .get();
        }
        return scene.over(struck);
    }

    private static List<Needed> needed(Scene scene) throws Exception {
        Topics topics = scene.topics();
        List<Needed> needed = new ArrayList<>(List.of(
                new Needed(ResourceType.TOPIC, topics.source(), AclOperation.READ),
                new Needed(ResourceType.TOPIC, topics.sink(), AclOperation.WRITE),
                new Needed(ResourceType.GROUP, topics.group(), AclOperation.READ)));
        for (String instance : scene.instances().keySet()) {
            needed.add(new Needed(ResourceType.TRANSACTIONAL_ID, scene.transactionalId(instance), AclOperation.WRITE));
        }
        // Late records and dead letters, state, and what a shuffle needs.
        for (String topic : scene.cluster().admin().listTopics().names().get()) {
            if (topics.owns(topic) && !topic.equals(topics.source()) && !topic.equals(topics.sink())) {
                needed.add(new Needed(ResourceType.TOPIC, topic, AclOperation.WRITE));
                if (topic.contains("-state") || topic.contains("-shuffle")) {
                    needed.add(new Needed(ResourceType.TOPIC, topic, AclOperation.READ));
                }
            }
        }
        return needed;
    }

    private record Needed(ResourceType type, String name, AclOperation operation) {
        ResourcePattern resource() {
            return new ResourcePattern(type, name, PatternType.LITERAL);
        }

        AclBinding rule(AclOperation what, AclPermissionType rule) {
            return new AclBinding(resource(), new AccessControlEntry(EVERYBODY, "*", what, rule));
        }
    }
}
