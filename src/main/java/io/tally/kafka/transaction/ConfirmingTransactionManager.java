package io.tally.kafka.transaction;

import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * A transaction manager that asks before each commit. It reports each commit that is known to have happened, each that
 * is not, and each transaction that could not begin.
 *
 * <p>Positive confirmation makes the lane safe. A transaction can end badly in many ways; the container only logs some
 * of them (fencing is one) and goes on polling. The lane trusts its memory only after {@link Outcome#confirmed()}.
 */
public final class ConfirmingTransactionManager extends KafkaTransactionManager<byte[], byte[]> {
    private static final long serialVersionUID = 1L;

    /** Asked and told how a transaction goes, on the thread that runs it. */
    public interface Outcome {
        /**
         * A transaction is about to be committed.
         *
         * @throws IllegalStateException if it must not be; it fails then
         */
        void committing();

        void confirmed(long commitNanos);

        /** Some step of the transaction failed; {@link #confirmed} will not be called for it. */
        void failed(RuntimeException cause);
    }

    private final transient Runnable beginning;
    private final transient Outcome outcome;

    /** @param beginning what is done before a transaction begins */
    ConfirmingTransactionManager(ProducerFactory<byte[], byte[]> producers, Runnable beginning, Outcome outcome) {
        super(producers);
        this.beginning = beginning;
        this.outcome = outcome;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        try {
            beginning.run();
            super.doBegin(transaction, definition);
        } catch (RuntimeException e) {
            outcome.failed(e);
            throw e;
        }
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        confirming(() -> super.doCommit(status));
    }

    /** Reports how a commit went. */
    void confirming(Runnable commit) {
        long begin = System.nanoTime();
        try {
            outcome.committing();
            commit.run();
        } catch (RuntimeException e) {
            outcome.failed(e);
            throw e;
        }
        outcome.confirmed(System.nanoTime() - begin);
    }
}
