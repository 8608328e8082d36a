package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.RowSample;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomesTest {
    private final Outcomes outcomes = new Outcomes();

    @Test
    void takesAFewRowsASecondAndKeepsTheLatest() {
        for (int second = 0; second < 60; second++) {
            for (int commit = 0; commit < 10; commit++) {
                outcomes.rows(second * 1_000L, sample(rows("s" + second + "c" + commit + "-", 8)));
            }
            List<Outcomes.Row> fresh = changes().rows();
            assertThat(fresh).hasSize(second == 0 ? Outcomes.BURST : Outcomes.PER_SECOND);
            assertThat(fresh.get(0).time()).isEqualTo(second * 1_000L);
        }

        assertThat(outcomes.changes()).as("nothing new").isNull();
        List<Outcomes.Row> all = outcomes.all().rows();
        assertThat(all).hasSize(Outcomes.ROWS);
        assertThat(all).extracting(Outcomes.Row::time).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(all.get(0).time()).isEqualTo(59_000);
    }

    @Test
    void showsTheLargestOfAMinuteUntilTheNewestRow() {
        outcomes.rows(0, sample(List.of(row("old", 900), row("both", 5))));
        outcomes.rows(30_000, sample(List.of(row("both", 70), row("a", 60))));
        outcomes.rows(61_000, sample(List.of(row("both", 3), row("b", 65))));

        Outcomes.View view = changes();
        assertThat(view.rankedBy()).isEqualTo("count");
        assertThat(view.top())
                .containsExactly(
                        new TopKeys.Top("both", 70, 30_000),
                        new TopKeys.Top("b", 65, 61_000),
                        new TopKeys.Top("a", 60, 30_000));
    }

    /** Only the beginning of a long key is shown, and all of it counts. */
    @Test
    void tellsKeysApartThatBeginAlike() {
        String address = "https://example.org/" + "x".repeat(80);
        String longer = address + "y".repeat(500);
        outcomes.rows(1, sample(List.of(row(address + "1", 5), row(address + "2", 7), row(longer + "1", 1))));
        outcomes.rows(2, sample(List.of(row(longer + "2", 2), row(address + "1", 6), row(longer + "1", 3))));

        List<TopKeys.Top> top = changes().top();
        assertThat(top).extracting(TopKeys.Top::number).containsExactly(7.0, 6.0, 3.0, 2.0);
        assertThat(top).extracting(TopKeys.Top::key).allMatch(key -> key.equals(address.substring(0, 80) + "…"));
    }

    @Test
    void keepsNoMoreKeysThanItShouldAndShowsTen() {
        for (int i = 0; i < 5_000; i++) {
            outcomes.rows(i, sample(List.of(row("k" + i, i))));
        }

        assertThat(changes().top())
                .extracting(TopKeys.Top::key)
                .containsExactlyElementsOf(IntStream.range(0, TopKeys.SHOWN)
                        .mapToObj(i -> "k" + (4_999 - i))
                        .toList());
    }

    @Test
    void addsUpWhatWasNotCountedByReason() {
        outcomes.lost(1, lost("LATE", 3, null));
        outcomes.lost(2, lost("MALFORMED", 1, new LostRecords.Sample("k", "v", "no comma")));
        outcomes.lost(3, lost("LATE", 4, new LostRecords.Sample(null, "w", "by a second")));

        assertThat(changes().lost())
                .containsExactly(
                        new Outcomes.Lost(
                                "LATE", "remedy", 7, 3, "t-0@3", new LostRecords.Sample(null, "w", "by a second")),
                        new Outcomes.Lost(
                                "MALFORMED", "remedy", 1, 2, "t-0@2", new LostRecords.Sample("k", "v", "no comma")));
    }

    private Outcomes.View changes() {
        return Objects.requireNonNull(outcomes.changes());
    }

    private static LostRecords lost(String reason, long count, LostRecords.@Nullable Sample sample) {
        return new LostRecords(reason, "remedy", count, "t-0@" + (count == 1 ? 2 : 3), sample);
    }

    private static RowSample sample(List<RowSample.Row> rows) {
        return new RowSample(rows.size(), rows, rows, "count");
    }

    private static List<RowSample.Row> rows(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> row(prefix + i, i)).toList();
    }

    private static RowSample.Row row(String key, double number) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return new RowSample.Row(bytes, bytes, number);
    }
}
