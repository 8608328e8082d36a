package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.status.Refusal;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.Refusals;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state topic that is gone, damaged, or somebody else's. */
class StateRefusalIT extends Refusals {
    @Test
    void stateTopicDeleted() {
        runAndStop();
        long committed = bed.committed(1).offset();
        delete(state());
        Instance next = bed.instance("a").start();
        assertRefused(
                next,
                1,
                "Offset " + committed + " of " + source(1) + " was committed by this pipeline",
                "the state topic " + state() + "-1 holds no birth marker");
        next.awaitRefusal(0);
    }

    /** All of it, or only the oldest record, which is the birth marker. */
    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void stateTopicTruncated(long before) {
        runAndStop();
        configure(state(), TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
        deleteRecords(new TopicPartition(state(), 1), before);
        configure(state(), TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
        long committed = bed.committed(1).offset();
        Instance next = bed.instance("a").start();
        assertRefused(next, 1, "Offset " + committed + " of " + source(1), state() + "-1 holds no birth marker");
        assertGoesOn(0);
    }

    @Test
    void entryOfTheStateMissing() throws Exception {
        Input input = runAndStop();
        CommitMetadata metadata = bed.progress(1).metadata();
        ConsumerRecord<byte[], byte[]> entry = anEntry();
        write(input, entry.key(), null);
        Instance next = bed.instance("a").start();
        assertRefused(
                next,
                1,
                "The state topic " + state() + "-1 is damaged",
                "it holds " + (metadata.storedEntries() - 1) + " entries with digest",
                "but " + metadata.storedEntries() + " with digest " + Long.toHexString(metadata.storedDigest())
                        + " were committed at offset " + metadata.offset());
        assertGoesOn(0);
    }

    /** Putting the entry back, as from a backup, loses nothing. */
    @Test
    void entryOfTheStateDamaged() throws Exception {
        Input input = runAndStop();
        ConsumerRecord<byte[], byte[]> entry = anEntry();
        byte[] damaged = entry.value().clone();
        damaged[damaged.length - 1] ^= 1;
        write(input, entry.key(), damaged);
        Instance next = bed.instance("a").start();
        assertRefused(next, 1, "The state topic " + state() + "-1 is damaged", "a record whose checksum is wrong");
        assertGoesOn(0);

        next.stop();
        write(input, entry.key(), entry.value());
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
    }

    @Test
    void garbageInTheStateTopic() throws Exception {
        Input input = runAndStop();
        long offset = write(input, "garbage".getBytes(StandardCharsets.UTF_8), new byte[0]);
        Instance next = bed.instance("a").start();
        assertRefused(
                next,
                1,
                "at its offset " + offset + " stands a record of format version " + (int) 'g'
                        + ", and this version knows only 1");
        assertGoesOn(0);
    }

    @Test
    void stateTopicOfAnotherGroup() {
        runAndStop();
        Instance other = bed.instance(bed.pipeline.build("other-group", "a", bed.topics()))
                .start();
        Refusal refusal = other.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("The state topic " + state() + "-1 belongs to pipeline 'it' of group '" + bed.groupId())
                .contains("not to pipeline 'it' of group 'other-group'");
        assertThat(refusal.remedy()).contains("tally.pipelines.it.state.topic");
    }
}
