package io.tally.kafka.restore;

import io.tally.kafka.client.Futures;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who has fenced a lane. An administrator, or a lane of another instance that takes this one for dead, only
 * initialises its transactional id through the admin client. A twin is another process with the same instance id, and
 * works with the transactional id as this one does. It is known by one of two things:
 *
 * <ul>
 *   <li>The broker knows a transaction that is open, or that was committed after the lane's own ended.
 *   <li>The id is fresh, and has the transaction timeout of a lane. So a producer like this lane's has initialised it,
 *       and may still be restoring. The admin client initialises ids with another timeout ({@link #fencingTimeout}).
 * </ul>
 */
final class TwinWatch {
    private static final Logger log = LoggerFactory.getLogger(TwinWatch.class);
    /** States of a twin's transaction. Initialising the id ends an open transaction, and the last one is forgotten. */
    private static final Set<TransactionState> AT_WORK =
            EnumSet.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.COMPLETE_COMMIT);

    /** What the admin client takes by default. */
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);

    private final Supplier<Admin> admin;
    private final String transactionalId;
    private final Duration timeout;

    /** @param timeout transaction timeout of the lanes */
    TwinWatch(Supplier<Admin> admin, String transactionalId, Duration timeout) {
        this.admin = admin;
        this.transactionalId = transactionalId;
        this.timeout = timeout;
    }

    /**
     * With which transaction timeout to fence an id, so that nobody takes that for the work of a lane. Not above that
     * of the lanes, since the broker may take no longer one (transaction.max.timeout.ms).
     *
     * @param timeout transaction timeout of the lanes
     */
    static Duration fencingTimeout(Duration timeout) {
        return timeout.compareTo(ADMIN_TIMEOUT) > 0 ? ADMIN_TIMEOUT : timeout.minusMillis(1);
    }

    /** Whether a twin is at work. To be called after the lane was fenced, and before it initialises its id again. */
    boolean isAtWork() {
        try {
            TransactionDescription found = Futures.get(
                    admin.get().describeTransactions(List.of(transactionalId)).description(transactionalId));
            log.debug("The transactional id {} is {} after its lane was fenced", transactionalId, found);
            return AT_WORK.contains(found.state()) || isInitialised(found);
        } catch (AuthorizationException e) {
            // The broker does not say. Two lanes that fence each other for ever are worse than one that stops.
            return true;
        } catch (KafkaException e) {
            log.debug("Not known who has fenced {}", transactionalId, e);
            return false;
        }
    }

    /** Not by the lane itself, which was fenced; a transaction that the broker aborted leaves another state. */
    private boolean isInitialised(TransactionDescription found) {
        return found.state() == TransactionState.EMPTY && found.transactionTimeoutMs() == timeout.toMillis();
    }
}
