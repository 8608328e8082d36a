package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.checkpoint.Ledger;
import io.tally.codec.framing.Split;
import io.tally.kafka.transaction.SideRecords;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.Log;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of several lines, each of which is an event. */
class SplitIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    /** Windows end within records, and processes are killed between them. */
    @ParameterizedTest(name = "shuffle {0}")
    @ValueSource(booleans = {false, true})
    void eachEventCountsOnce(boolean shuffled) {
        bed.pipeline.split(Split.LINES).maxRecordsPerTransaction(3);
        bed.consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 3);
        Input input = bed.input();
        long start = input.time();
        Instance running = start(shuffled);
        long replayed = 0;
        int windows = 24;
        int second = 0;
        for (int record = 0; second < 5 * windows; record++) {
            StringJoiner lines = new StringJoiner("\n");
            for (int i = 0; i <= record % 7; i++, second++) {
                lines.add(start + second * 1000L + " k" + second % 2 + " 1 t");
            }
            input.send(0, null, lines.toString());
            if (record % 9 == 8) {
                input.flush();
                bed.awaitProcessed();
                running.kill();
                replayed += running.events().replayed();
                running = start(shuffled);
            }
        }
        input.send(0, null, start + (second + 60) * 1000L + " close 1 t");
        input.flush();

        List<String> expected = new ArrayList<>();
        for (int window = 0; window < (second + 4) / 5; window++) {
            for (int key = 0; key < 2; key++) {
                int count = 0;
                for (int i = 5 * window; i < Math.min(second, 5 * window + 5); i++) {
                    count += i % 2 == key ? 1 : 0;
                }
                if (count > 0) {
                    expected.add((start + 5000L * window) + " k" + key + " " + count + " " + count + " t");
                }
            }
        }
        await("the rows")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(bed.rows()).containsExactlyInAnyOrderElementsOf(expected));
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
        if (!shuffled) {
            assertThat(replayed).isPositive();
        }
    }

    @Test
    void aLateEventAndADeadLetterHaveTheirBytesAndPlace() {
        bed.pipeline.split(Split.LINES);
        Input input = bed.input();
        long time = input.time();
        input.send(0, "rk", time + " a 1 t\r\nnot an event\n\n" + (time + 60_000) + " a 1 t\n" + time + " a 2 late\n");
        input.send(0, "rk", "\n");
        input.flush();
        bed.started("a");
        bed.awaitProcessed();

        ConsumerRecord<byte[], byte[]> dead =
                bed.log().read(bed.topics().deadLetter()).get(0);
        assertThat(Log.text(dead.value())).isEqualTo("not an event");
        assertThat(Log.text(dead.key())).isEqualTo("rk");
        assertThat(header(dead, SideRecords.EVENT_NUMBER)).isEqualTo("2");
        assertThat(header(dead, SideRecords.EVENT_COUNT)).isEqualTo("4");
        ConsumerRecord<byte[], byte[]> empty =
                bed.log().read(bed.topics().deadLetter()).get(1);
        assertThat(header(empty, SideRecords.REASON)).isEqualTo("EMPTY_VALUE");
        assertThat(empty.headers().lastHeader(SideRecords.EVENT_NUMBER)).isNull();
        ConsumerRecord<byte[], byte[]> late =
                bed.log().read(bed.topics().late()).get(0);
        assertThat(Log.text(late.value())).isEqualTo(time + " a 2 late");
        assertThat(header(late, SideRecords.EVENT_NUMBER)).isEqualTo("4");
        Ledger ledger = bed.progress(0).metadata().ledger();
        assertThat(ledger).isEqualTo(new Ledger(2, 1, 2, 0, 0, 3));
        assertThat(ledger.records()).isEqualTo(2);
    }

    private Instance start(boolean shuffled) {
        return shuffled
                ? bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()))
                        .start()
                : bed.started("a");
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return Log.text(record.headers().lastHeader(name).value());
    }
}
