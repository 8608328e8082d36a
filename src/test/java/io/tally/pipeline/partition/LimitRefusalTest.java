package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.HandFedPartition.EAGER;
import static io.tally.pipeline.partition.HandFedPartition.LAZY;
import static io.tally.pipeline.partition.HandFedPartition.RULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.AggregateInput;
import io.tally.aggregate.WeightedMean;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.status.Refusal;
import io.tally.simulation.SimRules;
import io.tally.simulation.SimTransaction;
import io.tally.simulation.Simulation;
import org.junit.jupiter.api.Test;

/** More than a partition may hold, and functions of users that fail. */
class LimitRefusalTest extends RefusedRestorations {
    @Test
    void tooManyOpenEntries() {
        PipelineSpec small = RULES.spec(EAGER, 2);
        PartitionProcessor full = stored.restore(Simulation.SOURCE, small, stored.state(), stored.kafka.committed());
        SimTransaction transaction = stored.kafka.begin(-1, Integer.MAX_VALUE);
        stored.add("b", 4, 1).add("c", 5, 1);
        full.to(transaction).process(stored.source.get(3));
        assertThatThrownBy(() -> full.to(transaction).process(stored.source.get(4)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("At offset 44 of events-0")
                .hasMessageContaining("has 2 open (window, key) entries in 1 windows")
                .hasMessageContaining("raise tally.pipelines.sim.max-open-entries");
    }

    @Test
    void windowsTakeAllTheHeapTheyMay() {
        HeapBudget heap = new HeapBudget(200_000, "half of a small heap");
        PartitionProcessor full = stored.restore(
                Simulation.SOURCE,
                HandFedPartition.with(RULES.spec(EAGER, Long.MAX_VALUE), heap),
                stored.state(),
                stored.kafka.committed());
        SimTransaction transaction = stored.kafka.begin(-1, Integer.MAX_VALUE);
        for (int i = 0; i < 10_000; i++) {
            stored.add("k" + i, 4, 1);
        }
        assertThatThrownBy(() -> {
                    for (int i = 3; i < 10_000; i++) {
                        full.to(transaction).process(stored.source.get(i));
                    }
                })
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("of events-0, the open windows of the pipeline would take 0.")
                .hasMessageContaining("(half of a small heap)")
                .hasMessageContaining("(window, key) entries are open")
                .hasMessageContaining("more heap (-Xmx)")
                .hasMessageContaining("tally.pipelines.sim.max-open-bytes");
        // The table of rows doubles, so there may be much left.
        assertThat(heap.taken()).isBetween(50_000L, 200_000L);
        full.discard();
        assertThat(heap.taken()).isZero();
    }

    @Test
    void restoreTakesMoreHeapThanWindowsMay() {
        HandFedPartition large = new HandFedPartition(EAGER);
        for (int i = 0; i < 900; i++) {
            large.add("k" + i, 4, 1);
        }
        large.commit();
        large.commit((partition, transaction) -> partition.to(transaction).drain(Integer.MAX_VALUE));
        assertThat(large.storedEntries()).isEqualTo(900);
        HeapBudget heap = new HeapBudget(40_000, "half of a small heap");
        assertThatThrownBy(() -> large.restore(
                        Simulation.SOURCE,
                        HandFedPartition.with(large.spec, heap),
                        large.state(),
                        large.kafka.committed()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("What is committed of events-0 does not fit: the open windows of the pipeline")
                .hasMessageContaining("to restore it")
                .hasMessageContaining("tally.pipelines.sim.max-open-bytes");

        HeapBudget enough = new HeapBudget(200_000, "half of a larger heap");
        PartitionProcessor restored = large.restore(
                Simulation.SOURCE, HandFedPartition.with(large.spec, enough), large.state(), large.kafka.committed());
        assertThat(restored.openEntries()).isEqualTo(900);
        // What was read has gone.
        assertThat(enough.taken()).isLessThan(120_000);
    }

    /** Where sessions are merged in a replay; another process may have another version of the function. */
    @Test
    void aFunctionThatFailsInAReplay() {
        SimRules sessions = RULES.withStructure(SESSIONS, RULES.aggregates()).withGrace(100);
        HandFedPartition bench = new HandFedPartition(sessions, LAZY);
        bench.add("a", 1, 10).add("a", 15, 10).add("a", 8, 10).commit();
        Refusal refusal = refusal(bench, Simulation.SOURCE, withFunction(bench.spec, new BrokenMean()));
        assertThat(refusal.problem())
                .contains("Before offset 43 of events-0, method merge of aggregate 'broken'", "/ by zero");
        assertThat(refusal.remedy()).contains("correct the function, then restart", "nothing is lost");
    }

    @Test
    void resultsAreNotAskedForInAReplay() {
        HandFedPartition bench = new HandFedPartition(RULES.withStructure(SESSIONS, RULES.aggregates()), LAZY);
        bench.add("a", 1, 10).add("a", 50, 10).commit();
        PipelineSpec other = withFunction(bench.spec, new BrokenMean());
        PartitionProcessor restored = bench.restore(Simulation.SOURCE, other, bench.state(), bench.kafka.committed());
        assertThat(restored.openEntries()).isOne();
    }

    @Test
    void aFunctionThatCannotReadItsAccumulators() {
        WeightedMean broken = new WeightedMean() {
            @Override
            public Sums read(byte[] bytes) {
                throw new ArithmeticException("/ by zero");
            }
        };
        HandFedPartition bench = new HandFedPartition(EAGER);
        bench.spec = withFunction(bench.spec, new WeightedMean() {
            @Override
            public Sums add(Sums sums, AggregateInput input) {
                return sums;
            }
        });
        bench.processor = bench.restore();
        bench.add("a", 1, 10).commit();
        Refusal refusal = refusal(bench, Simulation.SOURCE, withFunction(bench.spec, broken));
        assertThat(refusal.problem()).contains("state-0 holds an accumulator for which method read of", "/ by zero");
        assertThat(refusal.remedy())
                .contains("correct the function", "nothing is lost")
                .doesNotContain(START_ANEW);
    }

    private static final class BrokenMean extends WeightedMean {
        @Override
        public Sums add(Sums sums, AggregateInput input) {
            return sums;
        }

        @Override
        public Sums merge(Sums left, Sums right) {
            throw new ArithmeticException("/ by zero");
        }

        @Override
        public Object result(Sums sums) {
            throw new ArithmeticException("/ by zero");
        }
    }
}
