package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.process.KafkaProxy.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The request that ends a transaction, or the reply to it, is held up or lost on the network. Client time-outs are so
 * short that the client gives up long before. Nobody knows then whether the transaction was committed, and Tally must
 * not guess. The process survives, the rows are exact, and the lane goes on soon.
 */
class LostCommitIT {
    private static final int PARTITIONS = 2;
    private static final Duration HELD = Duration.ofSeconds(8);
    private static final int ROUNDS = 2;
    /** The client asks again once before it gives up. */
    private static final int ATTEMPTS = 2;

    private static final String[] SHORT_TIMEOUTS = {
        "--spring.kafka.producer.properties[max.block.ms]=2000",
        "--spring.kafka.producer.properties[delivery.timeout.ms]=3000",
        "--spring.kafka.producer.properties[request.timeout.ms]=1500"
    };

    private KafkaProxy proxy;
    private KafkaProcess broker;
    private IpCountTopics topics;
    private LineWriter source;
    private TallyProcess tally;

    @BeforeEach
    void start() {
        Path directory =
                Path.of("target", "process", "LostCommit-" + System.nanoTime()).toAbsolutePath();
        int port = KafkaProcess.freePort();
        proxy = new KafkaProxy(ApiKeys.END_TXN, HELD, port);
        broker = KafkaProcess.start(directory, port, proxy.port());
        topics = new IpCountTopics(broker, PARTITIONS);
        source = new LineWriter(broker.address(), IpCountTopics.SOURCE, 17, 200, 500);
        tally = TallyProcess.start(directory, broker.address(), "a", SHORT_TIMEOUTS)
                .awaitActive(PARTITIONS);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : Arrays.asList(tally, source, topics, broker, proxy)) {
            if (part != null) {
                part.close();
            }
        }
    }

    @Test
    void countsExactly() throws InterruptedException {
        source.start(2_000);
        for (int round = 1; round <= ROUNDS; round++) {
            for (Fault fault : EnumSet.complementOf(EnumSet.of(Fault.NONE))) {
                System.out.println("LostCommitIT: round " + round + ", " + fault);
                topics.awaitCommits(1_000);
                double failed = tally.failedTransactions();
                proxy.next(ATTEMPTS, fault);
                await("an unknown commit, after " + fault)
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> tally.failedTransactions() > failed);
            }
        }
        topics.awaitCommits(1_000);
        source.stop();
        source.closeWindows(PARTITIONS);
        topics.awaitProcessed(Duration.ofSeconds(60));

        topics.audit();
        assertThat(tally.process().isAlive()).isTrue();
        assertThat(tally.active()).isEqualTo(PARTITIONS);
    }
}
