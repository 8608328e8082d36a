package io.tally.command.check;

import io.tally.command.check.Subject.Role;
import io.tally.command.recount.RedriveMark;
import io.tally.kafka.client.Permissions;
import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.GroupFacts;
import io.tally.plan.cluster.TopicFacts;
import io.tally.window.WindowKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether this principal may do what the pipeline does, as docs/recovery.md lists it. Without an authorizer everything
 * is allowed. What the broker does not tell counts as allowed.
 */
final class AccessChecks {
    private static final String READ = "READ";
    private static final String WRITE = "WRITE";
    private static final String DELETE = "DELETE";

    private final Subject subject;
    private final KafkaPipeline pipeline;
    private final List<Finding> findings = new ArrayList<>();
    private int asked;

    private AccessChecks(Subject subject) {
        this.subject = subject;
        pipeline = subject.pipeline();
    }

    static List<Finding> of(Subject subject) {
        AccessChecks checks = new AccessChecks(subject);
        subject.topics().forEach(checks::checkTopic);
        checks.checkGroup();
        checks.checkTransactions();
        if (checks.mayBeRedriven()) {
            checks.checkRedrive();
        }
        if (checks.findings.isEmpty() && checks.asked > 0) {
            checks.findings.add(Finding.ok(
                    "permissions",
                    checks.pipeline.groupId(),
                    "This principal may do what the pipeline needs, as far as the broker tells."));
        }
        return checks.findings;
    }

    private void checkTopic(String name, Role role) {
        TopicFacts topic = subject.cluster().topic(name);
        Set<String> allowed = topic == null ? null : topic.operations();
        if (allowed == null) {
            return;
        }
        asked++;
        for (String operation : needed(role)) {
            if (!allowed.contains(operation)) {
                findings.add(Finding.error(
                        "permissions",
                        name,
                        "This principal may not " + word(operation) + " the " + role.text + " topic.",
                        "allow it: " + Permissions.topic(word(operation), name)));
            }
        }
        if (role == Role.SHUFFLE && pipeline.stage() == StageKind.MERGE && !allowed.contains(DELETE)) {
            findings.add(Finding.warning(
                    "permissions",
                    name,
                    "This principal may not delete records of the shuffle topic, so it grows.",
                    "allow it: " + Permissions.topic("Delete", name)));
        }
    }

    private List<String> needed(Role role) {
        return switch (role) {
            case SOURCE -> List.of(READ);
            case SINK, LATE, DEAD_LETTER -> List.of(WRITE);
            case STATE -> List.of(READ, WRITE);
            case SHUFFLE -> pipeline.stage() == StageKind.MERGE ? List.of(READ) : List.of(WRITE);
        };
    }

    private void checkGroup() {
        GroupFacts group = subject.cluster().groups().get(pipeline.groupId());
        if (group == null) {
            return;
        }
        Set<String> allowed = group.operations();
        boolean denied = !group.isReadable() || (allowed != null && !allowed.contains(READ));
        asked++;
        if (denied) {
            findings.add(Finding.error(
                    "permissions",
                    "group " + group.name(),
                    "This principal may not " + (group.isReadable() ? "read" : "describe") + " the group.",
                    "allow it: " + Permissions.group(pipeline)));
        }
    }

    private void checkTransactions() {
        String id = pipeline.transactionalId(0);
        if (subject.cluster().deniedIds().contains(id)) {
            findings.add(Finding.error(
                    "permissions",
                    "transactional ids " + pipeline.transactionalIdFamily() + "*",
                    "This principal may not describe them (asked for " + id + ").",
                    "allow them: " + Permissions.transactions(pipeline)));
        }
    }

    /** Whether redrive may correct it, so that its permissions matter. */
    private boolean mayBeRedriven() {
        return pipeline.stage() == StageKind.DIRECT && pipeline.spec().window().kind() instanceof WindowKind.Aligned;
    }

    /** What only the command redrive needs. The pipeline works without. */
    private void checkRedrive() {
        List<String> read = new ArrayList<>(pipeline.topics().sinks());
        read.addAll(List.of(pipeline.topics().late(), pipeline.topics().deadLetter()));
        for (String name : read) {
            TopicFacts topic = subject.cluster().topic(name);
            if (topic != null
                    && topic.operations() != null
                    && !topic.operations().contains(READ)) {
                forRedrive(name, "Read the topic " + name, Permissions.topic("Read", name));
            }
        }
        String name = RedriveMark.group(pipeline.groupId());
        GroupFacts group = subject.cluster().groups().get(name);
        if (group != null
                && (!group.isReadable()
                        || (group.operations() != null && !group.operations().contains(READ)))) {
            forRedrive("group " + name, "Read the group " + name, Permissions.group(name));
        }
        String id = RedriveMark.transactionalId(pipeline.groupId());
        if (subject.cluster().deniedIds().contains(id)
                && !subject.cluster().deniedIds().contains(pipeline.transactionalId(0))) {
            forRedrive("transactional id " + id, "use the transactional id " + id, Permissions.transactions(pipeline));
        }
    }

    private void forRedrive(String where, String what, String command) {
        findings.add(Finding.warning(
                "permissions",
                where,
                "This principal may not " + what + ", so that the command redrive cannot run as it. The pipeline itself"
                        + " needs no such permission.",
                "if redrive is to run as this principal, allow it: " + command));
    }

    private static String word(String operation) {
        return operation.charAt(0) + operation.substring(1).toLowerCase(Locale.ROOT);
    }
}
