package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without faults: every record ends where it belongs, and the numbers say so. */
class EndToEndIT {
    private static final int PARTITIONS = 4;

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    @Test
    void countsExactlyWithOneLane() {
        Input input = bed.input();
        bed.instance("a").start();
        input.random(3_000, 60_000);
        input.closeWindows();
        bed.assertExact();
    }

    /** While the lanes share out the partitions, a transaction may be lost to the rebalance; afterwards none is. */
    @Test
    void countsExactlyWithTwoLanes() {
        bed.pipeline.lanes(2);
        Input input = bed.input();
        input.random(1_000, 20_000);
        Instance instance = bed.started("a");
        await("two partitions for each lane")
                .until(() -> instance.status().lanes().stream()
                        .allMatch(lane -> lane.partitions().stream()
                                        .filter(partition -> partition.phase() == PartitionPhase.ACTIVE)
                                        .count()
                                == 2));
        input.random(500, 10_000);
        bed.awaitProcessed();
        int aborts = instance.events().aborts.size();

        input.random(2_000, 40_000);
        input.closeWindows();

        bed.assertExact();
        assertThat(instance.events().aborts).hasSize(aborts);
    }

    /** Aborted records and control markers take offsets that no record of ours has. */
    @Test
    void countsTransactionalSourceWithAbortsExactly() {
        bed.started("a");
        Input input = bed.input("writer-" + bed.groupId());
        KafkaProducer<byte[], byte[]> producer = input.producer();
        for (int i = 0; i < 20; i++) {
            producer.beginTransaction();
            input.random(50, 2_000);
            if (i % 3 == 1) {
                producer.abortTransaction();
            } else {
                producer.commitTransaction();
            }
        }
        // Only to one partition, so that polls bring records of one and markers of others.
        for (int i = 0; i < 20; i++) {
            producer.beginTransaction();
            input.send(i % PARTITIONS, 1, input.time());
            producer.commitTransaction();
        }
        producer.beginTransaction();
        input.closeWindows();
        producer.commitTransaction();
        bed.assertExact();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            TestBed.Progress progress = bed.progress(partition);
            long records = progress.metadata().ledger().total();
            assertThat(progress.offset() - progress.metadata().birthOffset())
                    .as("markers and aborted records")
                    .isGreaterThan(records);
        }
    }

    @Test
    void saysWhatItCommitted() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.random(1_000, 20_000);
        input.closeWindows();
        bed.assertExact();
        for (PartitionStatus status : instance.partitions()) {
            TestBed.Progress progress = bed.progress(status.partition());
            PartitionSnapshot shown = status.committed();
            assertThat(shown).isNotNull();
            assertThat(shown.offset()).isEqualTo(progress.offset());
            assertThat(shown.metadata()).isEqualTo(progress.metadata());
            assertThat(shown.controlMarkers()).isZero();
            assertThat(shown.openWindows()).isEqualTo(1);
            assertThat(shown.openEntries()).isEqualTo(1);
        }
        assertThat(instance.events().records).hasValue(1_000 + PARTITIONS);
        assertThat(instance.events().results).hasValue(bed.rows().size());
        assertThat(instance.lane(0).problem()).isNull();
    }

    @Test
    void commitsItsBirthWithoutRecords() {
        bed.started("a");
        Awaitility.await().until(() -> bed.committed().size() == PARTITIONS);
        assertThat(bed.progress(0).metadata().recoveryOffset()).isZero();
        assertThat(bed.log().read(bed.topics().state())).hasSize(PARTITIONS);
    }

    @Test
    void startsAtTheEndIfTold() {
        Input input = bed.input();
        input.random(500, 10_000);
        bed.pipeline.startAtEnd();
        bed.started("a");
        Awaitility.await().until(() -> bed.committed().size() == PARTITIONS);
        long births = bed.committed().values().stream()
                .mapToLong(offset -> offset.offset())
                .sum();
        assertThat(births).isEqualTo(500);
        input.send(1, 1, input.time() + 3_600_000);
        Awaitility.await().until(() -> bed.progress(1).metadata().ledger().folded() == 1);
        assertThat(bed.rows()).isEmpty();
    }
}
