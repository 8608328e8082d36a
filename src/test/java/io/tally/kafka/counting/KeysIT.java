package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.aggregate.exact.BuiltIn;
import io.tally.pipeline.control.Elsewhere;
import io.tally.pipeline.control.KeyReport;
import io.tally.pipeline.control.KeyRow;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionKey;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.Log;
import io.tally.testkafka.TestBed;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is counted of a key, asked of a running pipeline. */
@Timeout(180)
class KeysIT {
    private static final String KEY = "p0-k1";

    @RegisterExtension
    final TestBed bed = new TestBed(2);

    enum Kind {
        TUMBLING(new WindowKind.Aligned(Windowing.tumbling(LinesPipeline.SIZE)), Emission.FINAL, "0..5 2", "5..10 1"),
        HOPPING(
                new WindowKind.Aligned(Windowing.hopping(Duration.ofSeconds(10), Duration.ofSeconds(5))),
                Emission.FINAL,
                "-5..5 2",
                "0..10 3",
                "5..15 1"),
        CUMULATIVE(
                new WindowKind.Aligned(Windowing.cumulative(Duration.ofSeconds(10), Duration.ofSeconds(5))),
                Emission.FINAL,
                "0..5 2",
                "0..10 3"),
        HOPPING_UPDATES(
                new WindowKind.Aligned(Windowing.hopping(Duration.ofSeconds(10), Duration.ofSeconds(5))),
                Emission.UPDATES,
                "-5..5 2",
                "0..10 3",
                "5..15 1"),
        SESSIONS(new WindowKind.Sessions(LinesPipeline.SIZE), Emission.FINAL, "0..5 2", "6..11 1"),
        TOTALS(new WindowKind.Totals(null), Emission.UPDATES, "null..null 3"),
        TOTALS_WITH_TTL(new WindowKind.Totals(Duration.ofSeconds(30)), Emission.FINAL, "null..36 3");

        final WindowSpec window;
        final List<String> rows;

        Kind(WindowKind windows, Emission emission, String... rows) {
            window = new WindowSpec(windows, LinesPipeline.GRACE, Duration.ZERO, emission);
            this.rows = List.of(rows);
        }

        /** What is not kept of a key. */
        String gone() {
            return switch (this) {
                case TOTALS -> "nothing: a total does not close";
                case TOTALS_WITH_TTL -> "totals that have ended, which are not kept";
                default -> "windows that have closed, which are not kept";
            };
        }
    }

    static Stream<Arguments> kinds() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(false, true).map(shuffled -> Arguments.of(kind, shuffled)));
    }

    @ParameterizedTest(name = "{0}, shuffle {1}")
    @MethodSource("kinds")
    void showsOpenWindowsOfAnyKind(Kind kind, boolean shuffled) {
        bed.pipeline.window(kind.window).template("{key} {count}");
        Instance instance = start(shuffled);
        Input input = bed.input();
        long time = input.time();
        input.send(0, 1, time);
        input.send(0, 1, time);
        input.send(0, 2, time);
        input.send(0, 1, time + 6_000);
        input.send(1, 3, time + 6_000);
        input.flush();
        bed.awaitProcessed();
        String name = LinesPipeline.NAME + (shuffled ? ".merge" : "");

        await("the rows of " + KEY)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(instance.control(name).key(bytes(KEY)).partitions().stream()
                                .flatMap(found -> found.rows().stream())
                                .map(row -> seconds(row.start(), time) + ".." + seconds(row.end(), time) + " "
                                        + row.row().split(" ")[1]))
                        .containsExactlyElementsOf(kind.rows));
        KeyReport none = instance.control(name).key(bytes("nobody"));
        assertThat(none.partitions()).isEmpty();
        assertThat(none.elsewhere()).isEmpty();
        assertThat(none.text()).isEqualTo("nothing is open or kept of this key");
        assertThat(none.gone())
                .startsWith(kind.gone())
                .endsWith(" in " + bed.topics().sinks().get(0))
                .isEqualTo(instance.control(name).key(bytes(KEY)).gone());
        if (shuffled) {
            KeyReport refused = instance.control(LinesPipeline.NAME).key(bytes(KEY));
            assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refused.text()).contains("it.merge");
        }
    }

    private Instance start(boolean shuffled) {
        return shuffled
                ? bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()))
                        .start()
                        .awaitActive(2)
                : bed.started("a");
    }

    private static String seconds(Long time, long from) {
        return time == null ? "null" : String.valueOf((time - from) / 1000);
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void showsRowsThatAreKeptForCorrections() {
        bed.pipeline
                .window(new WindowSpec(
                        new WindowKind.Aligned(Windowing.tumbling(LinesPipeline.SIZE)),
                        LinesPipeline.GRACE,
                        Duration.ofHours(1),
                        Emission.FINAL))
                .template("{key} {count}");
        Instance instance = start(false);
        Input input = bed.input();
        input.send(0, 1, input.time());
        input.closeWindows();
        bed.awaitProcessed();

        List<KeyRow> rows =
                instance.control().key(bytes(KEY)).partitions().get(0).rows();

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).isClosed()).isTrue();
        assertThat(instance.control().key(bytes(KEY)).gone()).contains("(allowed-lateness) before the watermark");
        assertThat(rows.get(0).revision()).isEqualTo(1);
    }

    /** Whenever it is asked: the rows count what is before the offset that is committed with them, and nothing else. */
    @Test
    void isOfOneCommit() {
        bed.pipeline.template("{key} {count}");
        Instance instance = start(false);
        Input input = bed.input();
        List<PartitionKey> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 50; j++) {
                input.advance(20);
                input.send(0, j % 3, input.time());
            }
            KeyReport answer = instance.control().key(bytes(KEY));
            assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
            answers.addAll(answer.partitions());
        }
        input.flush();
        List<ConsumerRecord<byte[], byte[]>> source = bed.awaitProcessed();
        assertThat(answers).isNotEmpty();
        for (PartitionKey answer : answers) {
            for (KeyRow row : answer.rows()) {
                long expected = source.stream()
                        .filter(record -> record.partition() == 0
                                && record.offset() < answer.offset()
                                && Log.text(record.key()).equals(KEY))
                        .mapToLong(record ->
                                Long.parseLong(Log.text(record.value()).split(" ")[0]))
                        .filter(time -> time >= row.start() && time < row.end())
                        .count();
                assertThat(row.row()).as("%s", answer).isEqualTo(KEY + " " + expected);
                assertThat(row.end()).isGreaterThan(answer.watermark());
            }
        }
        assertThat(answers.stream().map(PartitionKey::offset).collect(Collectors.toSet()))
                .hasSizeGreaterThan(1);
        assertThat(instance.events().aborts).isEmpty();
    }

    @Test
    void doesNotWaitForALaneThatIsStuck() {
        Instance instance = start(false);
        Input input = bed.input();
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch healed = new CountDownLatch(1);
        instance.faults().nextProducerCalls(1, "commitTransaction", call -> {
            stuck.countDown();
            healed.await();
            return call.proceed();
        });
        input.send(0, 1, input.time());
        input.flush();
        await("a commit").until(() -> stuck.getCount() == 0);

        KeyReport answer = instance.control().key(bytes(KEY));

        healed.countDown();
        assertThat(answer.outcome()).isEqualTo(Outcome.BUSY);
        assertThat(answer.text()).startsWith("lane 0: it did not get to it in time");
        assertThat(answer.partitions()).isEmpty();
    }

    /** Not a wrong "not found". */
    @Test
    void saysWhoMayHaveItIfItHasNot() {
        Instance first = start(false);
        Instance second = bed.instance("b").start().awaitActive(1);
        first.awaitActive(1);
        Input input = bed.input();
        input.send(0, 1, input.time());
        input.send(1, 1, input.time());
        input.flush();
        bed.awaitProcessed();
        boolean firstHas = first.active().toList().equals(List.of(0));
        Instance owner = firstHas ? first : second;
        Instance other = firstHas ? second : first;

        assertThat(owner.control().key(bytes(KEY)).partitions()).hasSize(1);
        KeyReport answer = other.control().key(bytes(KEY));

        assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
        assertThat(answer.partitions()).isEmpty();
        assertThat(answer.text()).isEqualTo("this instance does not work on partitions [0], which may have it");
        assertThat(answer.elsewhere())
                .containsExactly(new Elsewhere(owner.pipeline().instanceId(), "127.0.0.1", List.of(0)));
    }

    @Test
    void doesNotSayThatNothingIsThereWhereItCouldNotLook() {
        bed.producerSettings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 3_000);
        Instance instance = start(false);
        Input input = bed.input();
        input.send(0, KEY, input.time() + " " + KEY + " 5 " + Input.noise(4_000));
        input.closeWindows();
        instance.awaitRefusal(0);
        await("the other partition").until(() -> instance.active().toList().equals(List.of(1)));

        KeyReport answer = instance.control().key(bytes(KEY));

        assertThat(answer.outcome()).isEqualTo(Outcome.BUSY);
        assertThat(answer.text())
                .startsWith("partitions [0], which may have it, are being restored or are refused here");
    }

    /** Rows may be long. */
    @Test
    void showsSoMuchAndNoMore() {
        bed.pipeline
                .window(WindowSpec.of(Windowing.tumbling(Duration.ofSeconds(1)), Duration.ofMinutes(10)))
                .text(BuiltIn.collect(1, 10));
        Instance instance = start(false);
        Input input = bed.input();
        for (int window = 0; window < 50; window++) {
            for (int text = 0; text < 4; text++) {
                input.send(0, KEY, input.time() + 1_000L * window + " " + KEY + " 5 " + Input.noise(8_000 - text));
            }
        }
        input.flush();
        bed.awaitProcessed();

        PartitionKey found = instance.control().key(bytes(KEY)).partitions().get(0);

        assertThat(found.rows()).hasSizeBetween(25, 35);
        assertThat(found.hasMore()).isTrue();
    }

    @Test
    void showsSoManyWindowsAndNoMore() {
        bed.pipeline
                .window(WindowSpec.of(Windowing.tumbling(Duration.ofSeconds(1)), Duration.ofMinutes(10)))
                .template("{key} {count}");
        Instance instance = start(false);
        Input input = bed.input();
        for (int i = 0; i < 150; i++) {
            input.send(0, 1, input.time() + 1_000L * i);
        }
        input.flush();
        bed.awaitProcessed();

        PartitionKey found = instance.control().key(bytes(KEY)).partitions().get(0);

        assertThat(found.rows()).hasSize(100);
        assertThat(found.hasMore()).isTrue();
        assertThat(found.rows().get(0).start()).isEqualTo(input.time());
        assertThat(found.rows().stream().map(KeyRow::row).collect(Collectors.toSet()))
                .isEqualTo(Set.of(KEY + " 1"));
    }
}
