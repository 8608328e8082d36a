package io.tally.kafka.client;

import io.tally.plan.KafkaPipeline;
import io.tally.plan.Topics;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * The permissions that a pipeline needs on a broker with an authorizer, as commands that add them. Only the broker
 * knows by which name it takes Tally's clients, so PRINCIPAL stands in the commands, and HOST:PORT for an address at
 * which their reader is an administrator.
 */
public final class Permissions {
    private static final String COMMAND =
            "kafka-acls.sh --bootstrap-server HOST:PORT --add --allow-principal User:PRINCIPAL";

    private Permissions() {}

    /** A failure in one line; if it is about a permission, with the command that adds it. */
    public static String describe(KafkaPipeline pipeline, Throwable failure) {
        String command = command(pipeline, failure);
        return Causes.describe(failure) + (command == null ? "" : "; to allow it: " + command);
    }

    /** What to enter so that the failure does not happen again; null if it is not about a permission. */
    static @Nullable String command(KafkaPipeline pipeline, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TopicAuthorizationException denied
                    && !denied.unauthorizedTopics().isEmpty()) {
                return denied.unauthorizedTopics().stream()
                        .sorted()
                        .map(topic -> topic(pipeline, topic))
                        .collect(Collectors.joining(" && "));
            }
            if (cause instanceof GroupAuthorizationException) {
                return group(pipeline);
            }
            // A producer that needs an id is told of the cluster if it may not use the id.
            if (cause instanceof TransactionalIdAuthorizationException
                    || cause instanceof ClusterAuthorizationException) {
                return transactions(pipeline);
            }
        }
        return null;
    }

    /** Allows what the pipeline does with one of its topics. */
    public static String topic(KafkaPipeline pipeline, String topic) {
        return command(operations(pipeline, topic), "--topic " + topic);
    }

    /** Allows one operation on a topic. */
    public static String topic(String operation, String topic) {
        return command(List.of(operation), "--topic " + topic);
    }

    /** Allows what the pipeline does with its consumer group. */
    public static String group(KafkaPipeline pipeline) {
        return group(pipeline.groupId());
    }

    /** Allows to commit offsets for a group. */
    public static String group(String group) {
        return command(List.of("Read"), "--group " + group);
    }

    /** Allows the transactions of the pipeline. */
    public static String transactions(KafkaPipeline pipeline) {
        return command(
                List.of("Write"),
                "--transactional-id " + pipeline.transactionalIdFamily() + " --resource-pattern-type prefixed");
    }

    private static String command(List<String> operations, String resource) {
        return COMMAND
                + operations.stream()
                        .map(operation -> " --operation " + operation)
                        .collect(Collectors.joining())
                + " " + resource;
    }

    private static List<String> operations(KafkaPipeline pipeline, String topic) {
        Topics topics = pipeline.topics();
        boolean shuffled =
                pipeline.shuffle() != null && pipeline.shuffle().topic().equals(topic);
        boolean read = topic.equals(topics.source()) || topic.equals(topics.state()) || shuffled;
        boolean written = Stream.concat(
                                topics.sinks().stream(),
                                Set.of(topics.late(), topics.deadLetter(), topics.state()).stream())
                        .anyMatch(topic::equals)
                || shuffled;
        // The source of a shuffle, as its merge stage sees it.
        return !read && !written
                ? List.of("Describe")
                : Stream.concat(read ? Stream.of("Read") : Stream.of(), written ? Stream.of("Write") : Stream.of())
                        .toList();
    }
}
