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
 * The sends of one transaction of a lane that failed, and which of them for a reason of their own.
 *
 * <p>By the first failure the client enters its error state. Then it fails whatever it has not sent yet, of whichever
 * partition and to whichever topic, with the very same exception. So a failure is a partition's own in two cases:
 *
 * <ul>
 *   <li>Its exception names the topic that it was sent to. Whoever writes there lacks the same, in whatever order the
 *       client tells.
 *   <li>Its exception names no topic, and it is the first such answer. The client tells the batch that failed before it
 *       enters the error state.
 * </ul>
 *
 * <p>Noted by the threads of producer and consumer, read by the consumer's.
 */
public final class SendFailures {
    /**
     * A send that failed.
     *
     * @param topic where it was to go
     */
    public record Failure(String topic, Exception cause) {}

    private final AtomicReference<@Nullable Failure> any = new AtomicReference<>();
    private final AtomicBoolean answered = new AtomicBoolean();
    private final Map<Integer, Failure> own = new ConcurrentHashMap<>();

    /** @param partition number of the source partition whose output it was */
    void note(int partition, String topic, Exception cause) {
        Failure failure = new Failure(topic, cause);
        if (isOwn(topic, cause)) {
            own.putIfAbsent(partition, failure);
        }
        any.compareAndSet(null, failure);
    }

    /** One that failed, for whatever reason, if any did: the transaction is lost. */
    @Nullable
    Failure any() {
        return any.get();
    }

    /** The first of a partition that failed for a reason of its own, if any did. */
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
     * Other permissions that are missing are about the group, the transactional id or the cluster. And what is no
     * answer of the broker says that something else in the batch or in the transaction has failed.
     */
    private static boolean isAnswer(Exception cause) {
        return cause instanceof ApiException && !(cause instanceof AuthorizationException);
    }
}
