package io.tally.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.kafka.transaction.SendFailures.Failure;
import java.util.Set;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

/** Exceptions in the orders in which the client's callbacks give them. */
class SendFailuresTest {
    private final SendFailures failures = new SendFailures();

    /** The client fails all that it has not sent with the exception of the one that it could not send. */
    @Test
    void theFirstIsTheOne() {
        RecordTooLargeException cause = new RecordTooLargeException();
        failures.note(1, "sink", cause);
        failures.note(1, "state", cause);
        failures.note(0, "state", cause);
        failures.note(2, "late", new InvalidTopicException("late"));
        assertThat(failures.own(1)).isEqualTo(new Failure("sink", cause));
        assertThat(failures.own(0)).isNull();
        assertThat(failures.own(2)).isNull();
        assertThat(failures.any()).isEqualTo(failures.own(1));
    }

    /** What might pass is handed on in an exception around it. */
    @Test
    void oneAroundTheFirstIsNot() {
        TimeoutException cause = new TimeoutException("not in metadata", new UnknownTopicOrPartitionException());
        failures.note(1, "sink", cause);
        failures.note(0, "state", new TransactionAbortableException("aborted", cause));
        assertThat(failures.own(1)).isEqualTo(new Failure("sink", cause));
        assertThat(failures.own(0)).isNull();
    }

    /** The records of a batch are told in their order, of which the broker refused one. */
    @Test
    void oneThatSharedItsBatchIsNot() {
        InvalidRecordException cause = new InvalidRecordException("no key");
        failures.note(0, "sink", new KafkaException("it was part of a batch which had an invalid record"));
        assertThat(failures.any()).isNotNull();
        failures.note(1, "sink", cause);
        failures.note(2, "sink", cause);
        assertThat(failures.own(0)).isNull();
        assertThat(failures.own(1)).isEqualTo(new Failure("sink", cause));
        assertThat(failures.own(2)).isNull();
    }

    /** Brokers before 4.0 turn down the topics of a transaction, and the client fails all batches in any order. */
    @Test
    void allToATopicThatMayNotBeWrittenAre() {
        TopicAuthorizationException cause = new TopicAuthorizationException(Set.of("late"));
        failures.note(0, "sink", cause);
        failures.note(1, "late", cause);
        failures.note(2, "late", cause);
        assertThat(failures.own(0)).isNull();
        assertThat(failures.own(1)).isEqualTo(new Failure("late", cause));
        assertThat(failures.own(2)).isEqualTo(failures.own(1));
    }

    @Test
    void aPermissionForSomethingElseIsNobodys() {
        failures.note(0, "sink", new GroupAuthorizationException("group"));
        assertThat(failures.own(0)).isNull();
        assertThat(failures.any()).isNotNull();
    }
}
