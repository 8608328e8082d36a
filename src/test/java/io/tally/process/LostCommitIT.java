package io.tally.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.process.Trap.Effect;
import io.tally.process.Trap.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The request that ends a transaction, or the reply to it, is held up or lost on the network. Client time-outs are so
 * short that the client gives up long before. Nobody knows then whether the transaction was committed, and Tally must
 * not guess. The process survives, the rows are exact, and the lane goes on soon.
 */
@Tag("faults")
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

    /** What happens to the request. */
    private enum Fault {
        HOLD_REPLY(Moment.BEFORE_THE_REPLY, Effect.HOLD),
        LOSE_REPLY(Moment.BEFORE_THE_REPLY, Effect.LOSE),
        LOSE_REQUEST(Moment.BEFORE_THE_REQUEST, Effect.LOSE);

        private final Moment moment;
        private final Effect effect;

        Fault(Moment moment, Effect effect) {
            this.moment = moment;
            this.effect = effect;
        }

        Trap trap() {
            return new Trap(ApiKeys.END_TXN, moment, effect, 0, ATTEMPTS).holding(HELD);
        }
    }

    private Relay relay;
    private KafkaProcess broker;
    private IpCountTopics topics;
    private LineWriter source;
    private TallyProcess tally;

    @BeforeEach
    void start() {
        Path directory =
                Path.of("target", "process", "LostCommit-" + System.nanoTime()).toAbsolutePath();
        int port = KafkaProcess.freePort();
        relay = new Relay(port);
        broker = KafkaProcess.start(directory, port, relay.port());
        topics = new IpCountTopics(broker, PARTITIONS);
        source = new LineWriter(broker.address(), IpCountTopics.SOURCE, 17, 200, 500);
        tally = TallyProcess.start(directory, broker.address(), "a", SHORT_TIMEOUTS)
                .awaitActive(PARTITIONS);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : Arrays.asList(tally, source, topics, broker, relay)) {
            if (part != null) {
                part.close();
            }
        }
    }

    @Test
    void countsExactly() throws InterruptedException {
        source.start(2_000);
        for (int round = 1; round <= ROUNDS; round++) {
            for (Fault fault : Fault.values()) {
                System.out.println("LostCommitIT: round " + round + ", " + fault);
                topics.awaitCommits(1_000);
                double failed = tally.failedTransactions();
                Trap trap = fault.trap();
                relay.set(trap);
                await("an unknown commit, after " + fault)
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> tally.failedTransactions() > failed);
                relay.remove(trap);
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
