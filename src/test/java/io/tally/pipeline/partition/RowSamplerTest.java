package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.engine.WindowResult;
import io.tally.pipeline.status.RowSample;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowSamplerTest {
    private final RowSampler sampler = new RowSampler(List.of("name", "count"));

    @Test
    void keepsAllOfFewRows() {
        for (int i = 0; i < RowSampler.ANY; i++) {
            add("k" + i, (long) i);
        }

        RowSample sample = take();
        assertThat(sample.rows()).isEqualTo(RowSampler.ANY);
        assertThat(sample.rankedBy()).isEqualTo("count");
        assertThat(sample.any())
                .extracting(RowSample.Row::keyText)
                .containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7");
        assertThat(sampler.take()).as("of the next transaction").isNull();
    }

    /** Each of 100 rows has a chance of 8 in 100: after 20,000 transactions they differ by no more than chance. */
    @Test
    void keepsEachWithTheSameChance() {
        int[] times = new int[100];
        int rounds = 20_000;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < times.length; i++) {
                add("k" + i, 1L);
            }
            List<RowSample.Row> any = take().any();
            assertThat(any).extracting(RowSample.Row::keyText).doesNotHaveDuplicates();
            any.forEach(row -> times[Integer.parseInt(row.keyText().substring(1))]++);
        }
        // The deviation is 38; 6 of it come once in 500 million numbers.
        assertThat(Arrays.stream(times).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(1_600 - 230, 1_600 + 230));
    }

    @Test
    void keepsTheLargestOfEachKey() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                add("k" + i * 37 % 100, i * 37L % 100 + round);
            }
        }

        assertThat(take().largest())
                .extracting(row -> row.keyText() + " " + (long) row.number())
                .containsExactlyInAnyOrder(
                        "k90 92", "k91 93", "k92 94", "k93 95", "k94 96", "k95 97", "k96 98", "k97 99", "k98 100",
                        "k99 101");
    }

    @Test
    void passesOverRowsWithoutANumber() {
        add("a", null);
        add("b", 7L);
        add("c", null);

        RowSample sample = take();
        assertThat(sample.any()).hasSize(3);
        assertThat(sample.largest()).extracting(RowSample.Row::keyText).containsExactly("b");
    }

    private RowSample take() {
        return Objects.requireNonNull(sampler.take());
    }

    /** The first result is a text. */
    private void add(String key, @Nullable Long number) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        sampler.add(new WindowResult(0, 10, bytes, new @Nullable Object[] {bytes, number}), bytes);
    }
}
