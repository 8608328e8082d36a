package io.tally.kafka.restore;

import io.tally.kafka.client.Futures;
import io.tally.kafka.member.Cancellation;
import io.tally.plan.KafkaPipeline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that a dead owner left open, so that a take-over need not wait until the broker times them out.
 *
 * <p>The commit metadata names the transactional id of a partition's last writer. If that id has a transaction that
 * stays the same for longer than {@link #PATIENCE}, its owner is dead or frozen and the id is fenced, which aborts the
 * transaction at once. Safe by the rules of recovery: an owner that was alive after all loses one transaction and
 * rebuilds its memory. A living owner that merely handed over a partition goes from transaction to transaction and is
 * left alone.
 */
public final class PredecessorTransactions {
    /** How long a transaction may stay open before its owner counts as dead; longer than a batch takes. */
    public static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A transaction that is already this old need not be watched: its owner died a session timeout ago. */
    private static final Duration LONG_DEAD = Duration.ofSeconds(5);

    /**
     * A fenced owner that lives but has slow transactions is left alone for that long, so that it makes progress. Not
     * longer, since a restarted owner may have died again.
     */
    private static final Duration FENCED_AGAIN_AFTER = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Logger log = LoggerFactory.getLogger(PredecessorTransactions.class);

    private final Supplier<Admin> admin;
    private final KafkaPipeline pipeline;
    private final FenceProducersOptions fencing;
    private final Consumer<String> onFenced;
    /** When an id was fenced last. One that has a transaction again soon after has shown that it lives. */
    private final Map<String, Long> fenced = new HashMap<>();

    PredecessorTransactions(
            Supplier<Admin> admin, KafkaPipeline pipeline, Duration fencingTimeout, Consumer<String> onFenced) {
        this.admin = admin;
        this.pipeline = pipeline;
        // The timeout of the request also becomes the id's transaction timeout.
        fencing = new FenceProducersOptions().timeoutMs((int) fencingTimeout.toMillis());
        this.onFenced = onFenced;
    }

    /** Returns when none of the ids has the transaction open that it had at the beginning. */
    void settle(Set<String> transactionalIds, Cancellation cancellation) {
        Map<String, Identity> open = open(transactionalIds);
        if (open.isEmpty()) {
            return;
        }
        fenceLongDead(open);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!open.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                open.keySet().forEach(this::fence);
                return;
            }
            cancellation.pause(LOOK_AGAIN);
            open.entrySet().retainAll(open(open.keySet()).entrySet());
        }
    }

    /**
     * Does not wait if a transaction is old enough by the broker's clock, as in a take-over after a session timeout. It
     * must be the same before and after the broker was asked for old ones.
     */
    private void fenceLongDead(Map<String, Identity> open) {
        Map<String, Identity> dead = new HashMap<>(open);
        dead.keySet().retainAll(openFor(LONG_DEAD));
        dead.entrySet().retainAll(open(dead.keySet()).entrySet());
        dead.keySet().forEach(id -> {
            fence(id);
            open.remove(id);
        });
    }

    /**
     * Fences every transaction of this pipeline's other writers that has been open for longer than the patience and
     * still stands: for the writer that died before its first commit could name it. Only when a restore is held up.
     */
    void settleUnknown(Cancellation cancellation) {
        Set<String> ids = openFor(PATIENCE);
        ids.removeIf(id -> !pipeline.isForeign(id));
        settle(ids, cancellation);
    }

    /** Whose transactions have been open for longer than that, of this pipeline or not. */
    private Set<String> openFor(Duration least) {
        ListTransactionsOptions old = new ListTransactionsOptions()
                .filterStates(List.of(TransactionState.ONGOING))
                .filterOnDuration(least.toMillis());
        Set<String> ids = new HashSet<>();
        try {
            for (TransactionListing listing :
                    Futures.get(admin.get().listTransactions(old).all())) {
                ids.add(listing.transactionalId());
            }
        } catch (KafkaException e) {
            log.warn("Could not look for open transactions of dead owners: {}", e.toString());
        }
        return ids;
    }

    private Map<String, Identity> open(Collection<String> ids) {
        Map<String, Identity> open = new HashMap<>();
        Map<String, KafkaFuture<TransactionDescription>> answers = new HashMap<>();
        var result = admin.get().describeTransactions(ids);
        for (String id : ids) {
            answers.put(id, result.description(id));
        }
        answers.forEach((id, answer) -> {
            try {
                TransactionDescription found = Futures.get(answer);
                if (found.state() == TransactionState.ONGOING) {
                    open.put(
                            id,
                            new Identity(
                                    found.producerId(),
                                    found.producerEpoch(),
                                    found.transactionStartTimeMs().orElse(0)));
                }
            } catch (TransactionalIdNotFoundException e) {
                log.debug("Transactional id {} is unknown to the broker: it has nothing open", id);
            } catch (AuthorizationException e) {
                log.warn(
                        "May not describe the transactional id {} ({}). Should its owner have died with an open"
                                + " transaction, take-over waits until the broker times that out; allow Describe and"
                                + " Write on the prefix {} to make it immediate",
                        id,
                        e.getMessage(),
                        pipeline.transactionalIdFamily());
            } catch (KafkaException e) {
                // Not known is not open: a restore that is held up by it looks again.
                log.warn("Could not look at the transaction of {}: {}", id, e.toString());
            }
        });
        return open;
    }

    private void fence(String id) {
        Long before = fenced.put(id, System.nanoTime());
        if (before != null && System.nanoTime() - before < FENCED_AGAIN_AFTER.toNanos()) {
            fenced.put(id, before);
            return;
        }
        try {
            Futures.get(admin.get().fenceProducers(List.of(id), fencing).all());
            onFenced.accept(id);
            log.info(
                    "Ended the open transaction of {}: it had not moved for {} s or more, so its owner is dead or frozen",
                    id,
                    PATIENCE.toSeconds());
        } catch (KafkaException e) {
            log.warn("Could not end the open transaction of {}, the broker will time it out: {}", id, e.toString());
        }
    }

    /** Tells one transaction from the next of the same id. */
    private record Identity(long producerId, int epoch, long start) {}
}
