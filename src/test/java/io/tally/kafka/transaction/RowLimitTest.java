package io.tally.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowLimitTest {
    private int partitions = 4;
    private final RowLimit limit = new RowLimit(100, () -> partitions);

    @Test
    void givesAllToOneThatNeedsIt() {
        assertThat(send(1000)).isEqualTo(100);
    }

    @Test
    void keepsAShareForEachOther() {
        send(1000);

        assertThat(send(1000)).as("a fourth").isEqualTo(25);
    }

    @Test
    void beginsAnewWithEachTransaction() {
        send(1000);
        limit.reset();

        assertThat(send(1000)).isEqualTo(100);
    }

    @Test
    void letsEachPartitionGetOn() {
        partitions = 1000;
        send(1000);

        assertThat(send(1000)).isEqualTo(1);
    }

    /** How many rows a partition sends, if it has so many. */
    private int send(int rows) {
        int sent = 0;
        while (sent < rows && limit.hasRoom(sent, 0)) {
            limit.sent();
            sent++;
        }
        return sent;
    }
}
