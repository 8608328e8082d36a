package io.tally.command.check;

import io.tally.command.check.Subject.Role;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.TopicConfigs;
import io.tally.plan.cluster.TopicFacts;
import io.tally.setting.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether the brokers' limits allow what the clients do: transactions, sizes of records, times of silence. */
final class LimitChecks {
    /** The shortest stop that committed offsets should outlive. */
    private static final Duration SHORT_STOP = Duration.ofDays(1);
    /** Well above the silence after which a lane asks whether its id is still known. */
    private static final Duration SHORT_SILENCE = Duration.ofMinutes(1);

    /** The defaults of brokers and producers differ by some bytes, which nobody has to do anything about. */
    private static final long ALIKE = 1_024;

    private LimitChecks() {}

    static List<Finding> of(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        ClusterFacts cluster = subject.cluster();
        if (cluster.settings() == null) {
            findings.add(Finding.warning(
                    "settings",
                    "brokers",
                    "The settings of the brokers may not be read, so their limits are not checked.",
                    "allow DescribeConfigs on the cluster to whoever runs this command."));
        }
        transactions(subject, findings);
        silence(cluster, findings);
        sizes(subject, findings);
        return findings;
    }

    private static void transactions(Subject subject, List<Finding> findings) {
        Long most = subject.cluster().setting("transaction.max.timeout.ms");
        long wanted = subject.clients().transactionMillis();
        if (most == null) {
            return;
        }
        findings.add(
                most < wanted
                        ? Finding.error(
                                "transactions",
                                "brokers",
                                "transaction.max.timeout.ms of the brokers is " + most
                                        + ", and transaction.timeout.ms of the producer is " + wanted
                                        + ": no transaction can begin.",
                                "set transaction.timeout.ms to " + most + " or less.")
                        : Finding.ok(
                                "transactions",
                                "brokers",
                                "transaction.timeout.ms " + wanted + " is within transaction.max.timeout.ms " + most));
    }

    private static void silence(ClusterFacts cluster, List<Finding> findings) {
        Long minutes = cluster.setting("offsets.retention.minutes");
        if (minutes != null) {
            String text = "offsets.retention.minutes is " + minutes
                    + ": after a stop for longer than that what is committed is gone, and a start is refused";
            findings.add(
                    Duration.ofMinutes(minutes).compareTo(SHORT_STOP) < 0
                            ? Finding.warning(
                                    "offsets",
                                    "brokers",
                                    text + ".",
                                    "raise it to 10080 (a week) in the brokers' settings.")
                            : Finding.ok("offsets", "brokers", text));
        }
        Long expiration = cluster.setting("transactional.id.expiration.ms");
        if (expiration != null && expiration < SHORT_SILENCE.toMillis()) {
            findings.add(Finding.warning(
                    "transactions",
                    "brokers",
                    "transactional.id.expiration.ms is " + expiration
                            + ": the brokers forget an id that is silent for so long, and lanes begin anew again and again.",
                    "raise it to 604800000 (a week) in the brokers' settings."));
        }
    }

    private static void sizes(Subject subject, List<Finding> findings) {
        long producer = subject.clients().requestBytes();
        TopicFacts source = subject.source();
        Long sourceBytes = source == null ? null : maxBytes(source);
        subject.topics().forEach((name, role) -> {
            TopicFacts topic = subject.cluster().topic(name);
            Long bytes = topic == null ? null : maxBytes(topic);
            boolean isWritten = role != Role.SOURCE && !Objects.equals(topic, subject.source());
            if (bytes == null || !isWritten) {
                return;
            }
            boolean isSide = role == Role.LATE || role == Role.DEAD_LETTER;
            long accepted = Math.min(bytes, producer);
            if (isSide && sourceBytes != null && accepted < sourceBytes - ALIKE) {
                findings.add(Finding.warning(
                        "max.message.bytes",
                        name,
                        "The topic takes records of " + bytes + " bytes and the producer sends " + producer
                                + ", and the source has records of up to " + sourceBytes
                                + ": a larger one is cut, and says so in its headers.",
                        TopicConfigs.alter(name, "max.message.bytes=" + (sourceBytes + 65_536)) + "; and "
                                + Setting.MAX_REQUEST_SIZE + " to as much."));
            } else if (!isSide && bytes < producer) {
                findings.add(Finding.warning(
                        "max.message.bytes",
                        name,
                        "The topic takes records of " + bytes + " bytes, and the producer sends up to " + producer
                                + ": a larger one stops its partition.",
                        TopicConfigs.alter(name, "max.message.bytes=" + producer)));
            }
        });
    }

    private static @Nullable Long maxBytes(TopicFacts topic) {
        return TopicConfigs.number(topic.settings(), "max.message.bytes");
    }
}
