package io.tally.kafka.member;

import io.tally.kafka.client.Causes;
import io.tally.pipeline.status.Refusal;
import io.tally.setting.Setting;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often in a row a partition's outputs could not be written for a reason that does not pass by itself. After
 * a few tries the partition stops with an explanation, so that it neither loops for ever nor skips anything, and the
 * others go on. Failures that may pass (a broker away, a time-out, fencing) are never counted. Nor is missing access,
 * which has an {@link AccessPatience}. Confined to the consumer thread.
 */
final class WriteFailures {
    static final int TRIES = 3;

    /** How often it failed, and the offset beyond which it is overcome. */
    private record Failures(int count, long reach) {}

    private final Map<TopicPartition, Failures> failures = new HashMap<>();

    /** A partition has committed. That overcomes a failure only if the commit reaches as far as the failure did. */
    void committed(TopicPartition partition, long offset) {
        if (!failures.isEmpty()) {
            failures.computeIfPresent(partition, (id, failed) -> offset >= failed.reach() ? null : failed);
        }
    }

    void released(TopicPartition partition) {
        failures.remove(partition);
    }

    /**
     * Counts a failure; gives the refusal once there were too many.
     *
     * @param reach the offset up to which records were processed when it failed
     */
    @Nullable
    Refusal count(TopicPartition partition, long reach, String topic, Throwable cause) {
        if (!isPersistent(cause)) {
            return null;
        }
        int count = failures.merge(
                        partition,
                        new Failures(1, reach),
                        (before, now) -> new Failures(before.count() + 1, Math.max(before.reach(), now.reach())))
                .count();
        if (count < TRIES) {
            return null;
        }
        failures.remove(partition);
        return new Refusal(
                "The outputs of " + partition + " cannot be written to topic " + topic + ": " + Causes.describe(cause)
                        + " (" + count + " tries).",
                remedy(topic, cause));
    }

    private static boolean isPersistent(Throwable cause) {
        return cause instanceof RecordTooLargeException
                || cause instanceof RecordBatchTooLargeException
                || cause instanceof InvalidTopicException
                || cause instanceof InvalidRecordException
                || cause instanceof PolicyViolationException;
    }

    private static String remedy(String topic, Throwable cause) {
        String action;
        if (cause instanceof RecordTooLargeException || cause instanceof RecordBatchTooLargeException) {
            action = "raise max.message.bytes of " + topic + " and " + Setting.MAX_REQUEST_SIZE;
        } else {
            action = "make the topic take the record";
        }
        return action + ", then restart; nothing is lost, the partition goes on where it stopped.";
    }
}
