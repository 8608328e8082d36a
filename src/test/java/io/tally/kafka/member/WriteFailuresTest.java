package io.tally.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.status.Refusal;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class WriteFailuresTest {
    private static final TopicPartition FAILING = new TopicPartition("source", 1);
    private static final TopicPartition OTHER = new TopicPartition("source", 0);

    private final WriteFailures failures = new WriteFailures();

    @Test
    void refuseAfterThreeTries() {
        assertThat(fail(50)).isNull();
        assertThat(fail(50)).isNull();
        Refusal refusal = fail(50);
        assertThat(refusal).isNotNull();
        assertThat(refusal.problem()).contains("source-1", "sink", "900000 bytes", "3 tries");
        assertThat(refusal.remedy()).contains("max.message.bytes of sink");
    }

    /** As a compacted topic does with a dead letter that has no key. */
    @Test
    void refuseWhatTheTopicDoesNotTake() {
        InvalidRecordException cause = new InvalidRecordException("no key");
        assertThat(failures.count(FAILING, 50, "dlt", cause)).isNull();
        assertThat(failures.count(FAILING, 50, "dlt", cause)).isNull();
        Refusal refusal = failures.count(FAILING, 50, "dlt", cause);
        assertThat(refusal).isNotNull();
        assertThat(refusal.remedy()).contains("make the topic take the record");
    }

    /** Another partition has traffic, or this one commits a checkpoint before it fails again. */
    @Test
    void areNotForgottenForACommitOfSomethingElse() {
        fail(50);
        failures.committed(OTHER, 1_000);
        failures.committed(FAILING, 49);
        fail(45);
        failures.committed(FAILING, 45);
        assertThat(fail(50)).isNotNull();
    }

    @Test
    void areForgottenWhenOvercome() {
        fail(50);
        fail(50);
        failures.committed(FAILING, 50);
        assertThat(fail(70)).isNull();
    }

    @Test
    void areForgottenWithThePartition() {
        fail(50);
        fail(50);
        failures.released(FAILING);
        assertThat(fail(50)).isNull();
    }

    @Test
    void doNotCountWhatPasses() {
        for (int i = 0; i < 10; i++) {
            assertThat(failures.count(FAILING, 50, "sink", new TimeoutException()))
                    .isNull();
        }
    }

    private Refusal fail(long reach) {
        return failures.count(FAILING, reach, "sink", new RecordTooLargeException("900000 bytes"));
    }
}
