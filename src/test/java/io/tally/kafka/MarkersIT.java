package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.CommitMetadata;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a transactional source has behind its last record, markers and aborted records, is committed too. */
class MarkersIT {
    private static final int RECORDS = 5;

    @RegisterExtension
    final Scenario scenario = new Scenario(1);

    /**
     * The lag is zero, before and after a planned stop; and no record is missing once retention has removed them all.
     */
    @Test
    void anEndWithoutRecordsIsCommitted() {
        Instance first = scenario.started("a");
        Input input = scenario.input("source-" + scenario.groupId());
        send(input);
        input.producer().commitTransaction();
        send(input);
        input.producer().abortTransaction();
        awaitNoLag();
        long end = end();
        assertThat(end).as("records, aborted records, and a marker of each").isEqualTo(2 * RECORDS + 2);
        assertThat(scenario.committed(0).leaderEpoch())
                .as("epoch of the marker")
                .isPresent();
        first.stop();
        CommitMetadata metadata = scenario.progress(0).metadata();
        assertThat(metadata.offset()).isEqualTo(end);
        assertThat(metadata.recoveryOffset()).isEqualTo(end);
        assertThat(metadata.ledger().total()).isEqualTo(RECORDS);
        removeAll();

        scenario.started("a");
        input.advance(100_000);
        send(input);
        input.producer().commitTransaction();
        awaitNoLag();
        assertThat(scenario.progress(0).metadata().ledger().total()).isEqualTo(2 * RECORDS);
        assertThat(scenario.rows()).singleElement().asString().contains(" " + RECORDS + " ");
    }

    /** A pipeline that has not seen a record yet. */
    @Test
    void aSourceWithoutRecordsIsCommitted() {
        Instance first = scenario.started("a");
        Input input = scenario.input("source-" + scenario.groupId());
        send(input);
        input.producer().abortTransaction();
        awaitNoLag();
        first.kill();
        removeAll();

        scenario.started("a");
        assertThat(scenario.progress(0).metadata().birthOffset()).isZero();
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
                .until(() -> scenario.progress(0).offset() == end());
    }

    private long end() {
        return scenario.log().end(scenario.source(0));
    }

    private void removeAll() {
        TopicPartition source = scenario.source(0);
        Broker.get(scenario.admin()
                .deleteRecords(Map.of(source, RecordsToDelete.beforeOffset(end())))
                .all());
    }
}
