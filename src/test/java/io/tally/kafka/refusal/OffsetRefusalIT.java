package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.status.Refusal;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.Refusals;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** A committed offset or its metadata that cannot be the pipeline's. */
class OffsetRefusalIT extends Refusals {
    @Test
    void groupDeleted() {
        runAndStop();
        Answers.get(bed.admin().deleteConsumerGroups(List.of(bed.groupId())).all());
        Instance next = bed.instance("a").start();
        for (int partition = 0; partition < 2; partition++) {
            assertRefused(
                    next,
                    partition,
                    "The group " + bed.groupId() + " has no committed offset for " + source(partition),
                    "the pipeline has run since offset 0");
        }
        assertThat(bed.committed()).isEmpty();
        assertThat(next.events().refusals).hasSize(2);
    }

    @Test
    void offsetOfOnePartitionExpired() {
        runAndStop();
        Answers.get(bed.admin()
                .deleteConsumerGroupOffsets(bed.groupId(), Set.of(bed.source(1)))
                .all());
        Instance next = bed.instance("a").start();
        assertRefused(next, 1, "no committed offset for " + source(1), "has run since offset 0", "expired");
        assertGoesOn(0);
    }

    @Test
    void offsetResetByHand() {
        runAndStop();
        setOffset(new OffsetAndMetadata(10));
        Instance next = bed.instance("a").start();
        assertRefused(
                next,
                1,
                "The committed offset 10 of " + source(1) + " does not carry this pipeline's metadata",
                "has run since offset 0",
                "reset by hand");
        assertGoesOn(0);
        assertThat(bed.committed(1).offset()).isEqualTo(10);
    }

    /** Setting it back, as the remedy says, loses nothing. */
    @Test
    void offsetMovedByAToolThatKeptTheMetadata() {
        Input input = runAndStop();
        OffsetAndMetadata before = bed.committed(1);
        setOffset(new OffsetAndMetadata(10, before.metadata()));
        Instance next = bed.instance("a").start();
        Refusal refusal = assertRefused(
                next,
                1,
                "The committed offset 10 of " + source(1) + " carries the metadata of offset " + before.offset());
        assertThat(refusal.remedy()).contains("set the offset back to " + before.offset() + " with the same metadata");
        assertGoesOn(0);

        next.stop();
        setOffset(before);
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
    }

    @Test
    void metadataEdited() {
        runAndStop();
        OffsetAndMetadata before = bed.committed(1);
        setOffset(new OffsetAndMetadata(before.offset(), before.metadata().replace(" b=0", " b=1")));
        Instance next = bed.instance("a").start();
        assertRefused(
                next,
                1,
                "The metadata of the committed offset " + before.offset() + " of " + source(1),
                "checksum is wrong",
                " b=1 ");
        assertGoesOn(0);
    }

    /** Also when the source has grown beyond it, of which no leader epoch tells; whatever becomes of the first note. */
    @Test
    void committedOffsetBeyondTheEnd() {
        Input input = runAndStop();
        CommitMetadata found = bed.progress(1).metadata();
        long offset = found.offset() + 10;
        CommitMetadata beyond = new CommitMetadata(
                offset,
                found.watermark(),
                offset,
                null,
                found.birthOffset(),
                found.ledger(),
                found.storedEntries(),
                found.storedDigest(),
                found.fingerprint(),
                found.transactionalId());
        setOffset(new OffsetAndMetadata(offset, beyond.format()));
        Instance next = bed.instance("a");
        AtomicInteger failed = next.faults().nextProducerCalls(1, "sendOffsetsToTransaction", call -> {
            throw new KafkaException("injected");
        });
        next.start();
        assertRefused(
                next,
                1,
                "The committed offset " + offset + " of " + source(1) + " lies beyond its end " + found.offset()
                        + ": the topic was truncated or lost data");
        await("the note").until(() -> Objects.equals(bed.progress(1).metadata().lostFrom(), found.offset()));
        assertThat(failed).hasValue(1);
        assertThat(bed.progress(1).metadata()).isEqualTo(beyond.lost(found.offset(), found.transactionalId()));
        assertGoesOn(0);
        next.stop();

        for (int i = 0; i < 20; i++) {
            input.send(1, 0, input.time());
        }
        input.flush();
        Instance later = bed.instance("a").start();
        assertRefused(
                later,
                1,
                "The source " + source(1) + " was once found to have lost records that were counted before offset "
                        + offset + ", from offset " + found.offset() + " on");
        assertGoesOn(0);
    }

    /** A new pipeline, too, where the operator made a mistake. */
    @Test
    void firstOffsetBeyondTheEnd() {
        setOffset(new OffsetAndMetadata(50));
        Instance next = bed.instance("a").start();
        assertRefused(next, 1, "The committed offset 50 of " + source(1) + " lies beyond its end 0");
        next.awaitActive(1);
        assertGoesOn(0);
        assertThat(bed.committed(1).metadata()).as("not ours").isEmpty();
    }
}
