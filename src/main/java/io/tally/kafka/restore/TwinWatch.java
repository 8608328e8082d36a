package io.tally.kafka.restore;

import io.tally.kafka.client.Futures;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who has fenced a lane. An administrator, or a lane of another instance that takes this one for dead, only
 * initialises its transactional id. The broker then knows no later transaction than the lane's own, which was aborted.
 * A twin, another process with the same instance id, works with the id. The broker then knows a transaction that is
 * open, or that was committed after the lane's own ended.
 */
final class TwinWatch {
    private static final Logger log = LoggerFactory.getLogger(TwinWatch.class);
    /** States of a twin's transaction. Initialising the id ends an open transaction, and the last one is forgotten. */
    private static final Set<TransactionState> AT_WORK =
            EnumSet.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.COMPLETE_COMMIT);

    private final Supplier<Admin> admin;
    private final String transactionalId;

    TwinWatch(Supplier<Admin> admin, String transactionalId) {
        this.admin = admin;
        this.transactionalId = transactionalId;
    }

    /** Whether a twin is at work. To be called after the lane was fenced, and before it initialises its id again. */
    boolean isAtWork() {
        try {
            TransactionState state = Futures.get(admin.get()
                            .describeTransactions(List.of(transactionalId))
                            .description(transactionalId))
                    .state();
            log.debug("The transactional id {} is {} after its lane was fenced", transactionalId, state);
            return AT_WORK.contains(state);
        } catch (AuthorizationException e) {
            // The broker does not say. Two lanes that fence each other for ever are worse than one that stops.
            return true;
        } catch (KafkaException e) {
            log.debug("Not known who has fenced {}", transactionalId, e);
            return false;
        }
    }
}
