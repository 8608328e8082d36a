package io.tally.kafka.transaction;

import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * A transaction manager that asks before each commit, and reports each that is known to have happened, each that is
 * not, and each transaction that could not begin.
 *
 * <p>Positive confirmation is what makes the lane safe: of the many ways in which a transaction can end badly the
 * container only logs some (fencing among them) and goes on polling. The lane trusts its memory only after
 * {@link Outcome#confirmed()}.
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

        /** Some step of it failed; the transaction does not get to {@link #confirmed}. */
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
