package io.tally.kafka;

import io.tally.pipeline.Refusal;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often in a row a partition's outputs could not be written for a reason that does not pass by itself. After
 * a few tries the partition stops with an explanation, so that it neither loops for ever nor skips anything, and the
 * others go on. Whatever may pass (a broker away, a time-out, fencing) is never counted. Confined to the consumer
 * thread.
 */
final class WriteFailures {
    static final int TRIES = 3;

    private final Map<TopicPartition, Integer> failures = new HashMap<>();

    /** A commit took the partition past records; one of another partition, or a mere checkpoint, proves nothing. */
    void advanced(TopicPartition partition) {
        failures.remove(partition);
    }

    /** Counts a failure; gives the refusal once there were too many. */
    @Nullable
    Refusal count(TopicPartition partition, String topic, Throwable cause) {
        if (!isPersistent(cause)) {
            return null;
        }
        int count = failures.merge(partition, 1, Integer::sum);
        if (count < TRIES) {
            return null;
        }
        failures.remove(partition);
        return new Refusal(
                "The outputs of " + partition + " cannot be written to topic " + topic + ": "
                        + LaneHealth.describe(cause) + " (" + count + " tries).",
                remedy(topic, cause));
    }

    private static boolean isPersistent(Throwable cause) {
        return cause instanceof RecordTooLargeException
                || cause instanceof RecordBatchTooLargeException
                || cause instanceof InvalidTopicException
                || cause instanceof InvalidTimestampException
                || cause instanceof PolicyViolationException
                || cause instanceof AuthorizationException;
    }

    private static String remedy(String topic, Throwable cause) {
        String action;
        if (cause instanceof AuthorizationException) {
            action = "allow this principal to write to " + topic;
        } else if (cause instanceof RecordTooLargeException || cause instanceof RecordBatchTooLargeException) {
            action = "raise max.message.bytes of " + topic + " and spring.kafka.producer.properties[max.request.size]";
        } else {
            action = "make the topic take the record";
        }
        return action + ", then restart; nothing is lost, the partition goes on where it stopped.";
    }
}
