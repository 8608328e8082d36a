package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.ShuffleBordersTest.fresh;
import static io.tally.pipeline.partition.ShuffleBordersTest.line;
import static io.tally.pipeline.partition.ShuffleBordersTest.source;
import static io.tally.pipeline.partition.ShuffleBordersTest.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.engine.EngineView;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.partition.ShuffleBordersTest.Msg;
import io.tally.pipeline.partition.ShuffleBordersTest.Sent;
import io.tally.window.WindowKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Totals with a ttl of 10 ms, without any grace. */
class TotalsBehindShuffleTest {
    private static final WindowKind TOTALS = new WindowKind.Totals(Duration.ofMillis(10));
    private static final PipelineSpec MERGE = spec(StageKind.MERGE, TOTALS, "s", "r", 1L << 40);

    @ParameterizedTest
    @CsvSource({
        "'0 k, 20 x, 100 k, 200 x', '[0-10 k=1, 0-30 x=1, 0-110 k=1]'",
        "'0 k, 100 k, 200 x', '[0-10 k=1, 0-110 k=1]'",
        "'0 k, 9 k, 19 x, 12 k, 18 k, 40 x', '[0-19 k=2, 0-28 k=2, 0-29 x=1]'",
        "'0 k, 20 x, 10 k, 10 k, 11 k, 10 k, 40 x', '[0-10 k=1, 0-21 k=2, 0-30 x=1]'",
    })
    void areTheSameHoweverPollsAreCut(String records, String expected) {
        List<Msg> log = new ArrayList<>();
        for (String record : records.split(", ")) {
            String[] parts = record.split(" ");
            log.add(line(log.size(), Long.parseLong(parts[0]), parts[1]));
        }
        for (int cuts = 0; cuts < 1 << log.size() - 1; cuts++) {
            Sent shuffle = new Sent();
            PartitionProcessor combine = combine(0, 1);
            for (Msg record : log) {
                combine.to(shuffle).process(record);
                boolean last = record.offset() == log.size() - 1;
                if (last || (cuts & 1 << record.offset()) != 0) {
                    combine.to(shuffle).completeBatch(record.offset() + 1, 0);
                }
            }
            assertThat(merge(shuffle.shuffled).rows).as("cuts %s", cuts).hasToString(expected);
        }
    }

    /**
     * The source partitions in any order: what the one has is not there yet when the other's watermark ends a total.
     */
    @Test
    void areTheSameWhicheverSourcePartitionIsAhead() {
        Sent first = new Sent();
        PartitionProcessor ahead = combine(0, 2);
        ahead.to(first).process(line(0, 0, "k"));
        ahead.to(first).process(line(1, 30, "k"));
        ahead.to(first).process(line(2, 60, "x"));
        ahead.to(first).completeBatch(3, 0);
        Sent second = new Sent();
        PartitionProcessor behind = combine(1, 2);
        behind.to(second).process(line(0, 15, "k"));
        behind.to(second).process(line(1, 60, "x"));
        behind.to(second).completeBatch(2, 0);
        byte[] a = first.shuffled.get(0);
        byte[] b = second.shuffled.get(0);

        for (List<byte[]> order : List.of(List.of(a, b), List.of(b, a))) {
            assertThat(merge(order).rows).containsExactly("0-10 k=1", "0-25 k=1", "0-40 k=1");
        }
    }

    /**
     * What the version before wrote, byte for byte: its partials do not say where totals begin, and its entries do not
     * either. A merge that it left with something to replay goes on as it would have, and then takes partials that do.
     */
    @Test
    void goesOnWithWhatWasWrittenBeforePartialsSaidWhereTotalsBegin() {
        Map<String, String> state = Map.of(
                "0142", "00000000675145ef0973696d2e6d6572676507672d6d657267650773687566666c650269640100",
                "014500000000000000006b", "00000000a95325ed0100c80101",
                "0145000000000000000078", "00000000128c8c040100ca0101",
                "0157", "00000000a6f7253b010101ca010200");
        String metadata = "tally2 o=2 w=112 r=1 v=101 b=0 l=4,0,0,0 s=3,22761cef399580c3 k=043a718774c572bd"
                + " p=454349e422f05297 i=g:i:0 c=f822a4ca";
        Restoration restoration = new Restoration(source(StageKind.MERGE, 0, 1), MERGE);
        state.forEach((key, value) -> restoration.state(0, bytes(key), bytes(value)));
        restoration.load(new Committed(true, 2, metadata, 0, 1000));
        // k at 105 and y at 112, then the watermark 112.
        restoration.replay(new Msg(1, 0, bytes("01043a718774c572bd000150d20100016b02010150e0010001790201015704e001")));
        PartitionProcessor merge = restoration.complete("g:i:0");
        Sent sent = new Sent();
        // k at 114 and y at 130, then the watermark 130.
        merge.to(sent)
                .process(new Msg(2, 0, bytes("01043a718774c572bd000150e40100016b02010150840200017902010157068402")));
        assertThat(sent.rows).containsExactly("0-124 k=3");

        PartitionProcessor combine = combine(0, 1);
        Sent shuffle = new Sent();
        combine.to(shuffle).process(line(6, 139, "y"));
        combine.to(shuffle).process(line(7, 160, "k"));
        combine.to(shuffle).completeBatch(8, 0);
        merge.to(sent).process(new Msg(3, 0, shuffle.shuffled.get(0)));
        assertThat(sent.rows).containsExactly("0-124 k=3", "0-149 y=3");

        CommitPoint point = merge.to(sent).drain(1000);
        assertThat(point.metadata().recoveryOffset()).isEqualTo(4);
        assertThat(EngineView.rows(merge.engine))
                .extracting(EngineView.Row::sliceStart)
                .as("entries say where totals begin")
                .containsExactly(160L);
    }

    private static PartitionProcessor combine(int partition, int partitions) {
        return fresh(source(StageKind.COMBINE, partition, partitions), spec(StageKind.COMBINE, TOTALS, "s", "r", 0));
    }

    private static Sent merge(List<byte[]> shuffled) {
        PartitionProcessor merge = fresh(source(StageKind.MERGE, 0, 1), MERGE);
        Sent sent = new Sent();
        for (int i = 0; i < shuffled.size(); i++) {
            merge.to(sent).process(new Msg(i, 0, shuffled.get(i)));
            merge.to(sent).completeBatch(i + 1, 0);
        }
        return sent;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
