package io.tally.command.check;

import io.tally.plan.KafkaPipeline;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.GroupFacts;
import io.tally.plan.cluster.GroupFacts.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Who is in the consumer group now, and by which protocol. */
final class GroupChecks {
    private GroupChecks() {}

    static List<Finding> of(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        KafkaPipeline pipeline = subject.pipeline();
        GroupFacts group = subject.cluster().groups().get(pipeline.groupId());
        if (group == null || !group.isReadable()) {
            return findings;
        }
        String where = "group " + group.name();
        List<Member> strangers = group.members().stream()
                .filter(member -> !isOurs(pipeline, member))
                .toList();
        if (!strangers.isEmpty()) {
            findings.add(Finding.error(
                    "members",
                    where,
                    "Other programs are in the group: "
                            + strangers.stream()
                                    .map(member -> member.clientId() + " at " + member.host())
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ". They take partitions away, and may commit offsets without what the pipeline needs with"
                            + " them.",
                    "stop them, or give each its own group."));
        }
        int ours = group.members().size() - strangers.size();
        if (ours == 0) {
            findings.add(Finding.ok("members", where, "No lane of the pipeline is at work."));
        } else {
            findings.add(Finding.ok(
                    "members",
                    where,
                    ours + " lanes of the pipeline are at work, on "
                            + group.members().stream()
                                    .filter(member -> isOurs(pipeline, member))
                                    .mapToInt(Member::partitions)
                                    .sum()
                            + " partitions; a start shares the work with them."));
        }
        String wanted = subject.clients().protocol();
        if (!group.members().isEmpty()
                && !group.protocol().isEmpty()
                && !group.protocol().equals(wanted)) {
            findings.add(Finding.warning(
                    "protocol",
                    where,
                    "Its members use the protocol " + group.protocol() + ", and group.protocol is " + wanted + ".",
                    "stop all instances cleanly (SIGTERM) before you start with the other protocol."));
        }
        return findings;
    }

    /** Whether it is a lane, by the name of its client. */
    static boolean isOurs(KafkaPipeline pipeline, Member member) {
        return member.clientId().matches("tally-" + Pattern.quote(pipeline.name()) + "-\\d+");
    }
}
