package io.tally.kafka.transaction;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * The failed sends of one transaction of a lane, and which of them failed for a reason of their own.
 *
 * <p>With the first failure the client enters its error state. It then fails everything that it has not sent yet, for
 * all partitions and topics, with the same exception. So a failure is a partition's own in two cases:
 *
 * <ul>
 *   <li>Its exception names the topic that it was sent to. All who write there have the same problem, whatever the
 *       order in which the client reports it.
 *   <li>Its exception names no topic, and it is the first such answer. The client reports the batch that failed before
 *       it enters the error state.
 * </ul>
 *
 * <p>Written by the threads of producer and consumer, read by the consumer thread.
 */
public final class SendFailures {
    /**
     * A send that failed.
     *
     * @param topic the topic that it was sent to
     */
    public record Failure(String topic, Exception cause) {}

    private final AtomicReference<@Nullable Failure> any = new AtomicReference<>();
    private final AtomicBoolean answered = new AtomicBoolean();
    private final Map<Integer, Failure> own = new ConcurrentHashMap<>();

    /**
     * Notes that a send has failed.
     *
     * @param partition number of the source partition whose output it was
     */
    public void note(int partition, String topic, Exception cause) {
        Failure failure = new Failure(topic, cause);
        if (isOwn(topic, cause)) {
            own.putIfAbsent(partition, failure);
        }
        any.compareAndSet(null, failure);
    }

    /** Any failed send, for whatever reason; null if there is none. The transaction is lost then. */
    @Nullable
    Failure any() {
        return any.get();
    }

    /** The first send of a partition that failed for a reason of its own; null if there is none. */
    @Nullable
    public Failure own(int partition) {
        return own.get(partition);
    }

    private boolean isOwn(String topic, Exception cause) {
        Set<String> named = topics(cause);
        return named.isEmpty() ? isAnswer(cause) && answered.compareAndSet(false, true) : named.contains(topic);
    }

    private static Set<String> topics(Exception cause) {
        if (cause instanceof TopicAuthorizationException denied) {
            return denied.unauthorizedTopics();
        }
        return cause instanceof InvalidTopicException invalid ? invalid.invalidTopics() : Set.of();
    }

    /**
     * Whether the exception is the broker's answer to this very send. Other missing permissions are about the group,
     * the transactional id or the cluster. An exception that is no answer of the broker says that something else in the
     * batch or transaction has failed.
     */
    private static boolean isAnswer(Exception cause) {
        return cause instanceof ApiException && !(cause instanceof AuthorizationException);
    }
}
