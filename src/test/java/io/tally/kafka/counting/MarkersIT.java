package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Markers and aborted records behind the last record of a transactional source are committed, too. */
class MarkersIT {
    private static final int RECORDS = 5;

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    /**
     * The lag is zero, before and after a planned stop; and no record is missing once retention has removed them all.
     */
    @Test
    void anEndWithoutRecordsIsCommitted() {
        Instance first = bed.started("a");
        Input input = bed.input("source-" + bed.groupId());
        send(input);
        input.producer().commitTransaction();
        send(input);
        input.producer().abortTransaction();
        awaitNoLag();
        awaitCountedUpTo(first, Instant.now());
        long end = end();
        assertThat(end).as("records, aborted records, and a marker of each").isEqualTo(2 * RECORDS + 2);
        assertThat(bed.committed(0).leaderEpoch()).as("epoch of the marker").isPresent();
        first.stop();
        CommitMetadata metadata = bed.progress(0).metadata();
        assertThat(metadata.offset()).isEqualTo(end);
        assertThat(metadata.recoveryOffset()).isEqualTo(end);
        assertThat(metadata.ledger().total()).isEqualTo(RECORDS);
        removeAll();

        bed.started("a");
        input.advance(100_000);
        send(input);
        input.producer().commitTransaction();
        awaitNoLag();
        assertThat(bed.progress(0).metadata().ledger().total()).isEqualTo(2 * RECORDS);
        assertThat(bed.rows()).singleElement().asString().contains(" " + RECORDS + " ");
    }

    /** A pipeline that has not seen a record yet. */
    @Test
    void aSourceWithoutRecordsIsCommitted() {
        Instance first = bed.started("a");
        Input input = bed.input("source-" + bed.groupId());
        send(input);
        input.producer().abortTransaction();
        awaitNoLag();
        first.kill();
        removeAll();

        bed.started("a");
        assertThat(bed.progress(0).metadata().birthOffset()).isZero();
    }

    private static void send(Input input) {
        input.producer().beginTransaction();
        for (int i = 0; i < RECORDS; i++) {
            input.send(0, 1, input.time() + i);
        }
        input.flush();
    }

    private void awaitNoLag() {
        await("no lag")
                .atMost(Duration.ofSeconds(20))
                .until(() -> bed.progress(0).offset() == end());
    }

    /** All that was there at this moment is counted; the last record is older. */
    private static void awaitCountedUpTo(Instance instance, Instant moment) {
        await("no time lag")
                .atMost(Duration.ofSeconds(20))
                .until(() -> instance.partitions().get(0).countedUpTo(), upTo -> upTo != null && upTo.isAfter(moment));
    }

    private long end() {
        return bed.log().end(bed.source(0));
    }

    private void removeAll() {
        TopicPartition source = bed.source(0);
        Answers.get(bed.admin()
                .deleteRecords(Map.of(source, RecordsToDelete.beforeOffset(end())))
                .all());
    }
}
