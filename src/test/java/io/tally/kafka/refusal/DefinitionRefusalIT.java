package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.AggregateInput;
import io.tally.aggregate.CustomAggregates;
import io.tally.aggregate.WeightedMean;
import io.tally.checkpoint.CommitMetadata;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.status.Refusal;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.Refusals;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A pipeline whose definition does not go with its state, its limits or its functions. */
class DefinitionRefusalIT extends Refusals {
    /** Its row would leave by the clock, in a transaction without a record. */
    @Test
    void aFunctionWithoutAResult() {
        bed.pipeline.window(new WindowSpec(
                new WindowKind.Aligned(Windowing.tumbling(LinesPipeline.SIZE)),
                LinesPipeline.GRACE,
                Duration.ZERO,
                Emission.UPDATES));
        bed.pipeline.emitAfter(Duration.ofMillis(300));
        bed.pipeline.text(CustomAggregates.of("broken", new BrokenResult(), List.of(1)));
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.send(1, 1, input.time());
        input.flush();
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem()).contains("method result of aggregate 'broken'", "no result");
        assertThat(refusal.remedy()).contains("correct the function, then restart");
        instance.awaitActive(1);
        assertThat(instance.lane(0).ended()).isFalse();
    }

    private static final class BrokenResult extends WeightedMean {
        @Override
        public Sums add(Sums sums, AggregateInput input) {
            return sums;
        }

        @Override
        public Object result(Sums sums) {
            throw new IllegalStateException("no result");
        }
    }

    /** Going back to the old configuration loses nothing. */
    @Test
    void structureChangedWithWindowsOpen() {
        Input input = runAndStop();
        CommitMetadata metadata = bed.progress(1).metadata();
        bed.pipeline.fingerprint("another", "replay");
        Instance next = bed.instance("a").start();
        Refusal refusal = next.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("At offset " + metadata.offset() + " of " + source(1) + " windows are open")
                .contains("fingerprint " + metadata.fingerprint().structure());
        assertThat(refusal.remedy()).contains("run with the old configuration until they have closed");
        next.awaitRefusal(0);
        next.stop();

        bed.pipeline.fingerprint("structure", "replay");
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
    }

    /** With records to replay it is refused; after a clean stop, as the remedy says, there are none. */
    @Test
    void replayChanged() {
        Input input = bed.input();
        run(input).kill();
        CommitMetadata metadata = bed.progress(1).metadata();
        bed.pipeline.fingerprint("structure", "another");
        Instance next = bed.instance("a").start();
        Refusal refusal = next.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("The records " + metadata.recoveryOffset() + " to " + metadata.offset() + " of " + source(1)
                        + " must be replayed")
                .contains("fingerprint " + metadata.fingerprint().replay());
        assertThat(refusal.remedy()).contains("start once with the old configuration and version and stop it cleanly");
        next.awaitRefusal(0);
        next.stop();

        bed.pipeline.fingerprint("structure", "replay");
        bed.started("a").stop();
        bed.pipeline.fingerprint("structure", "another");
        bed.started("a");
        input.random(200, 3_000);
        input.closeWindows();
        bed.assertExact();
        assertThat(bed.progress(1).metadata().fingerprint()).isNotEqualTo(metadata.fingerprint());
    }

    /** A higher limit goes on where the partition stopped. */
    @Test
    void tooManyOpenEntries() {
        bed.pipeline.maxOpenEntries(30);
        Input input = bed.input();
        Instance instance = bed.started("a");
        for (int key = 0; key <= 30; key++) {
            input.send(1, key, input.time());
        }
        input.flush();
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("At offset 30 of " + source(1))
                .contains("the partition has 30 open (window, key) entries in 1 windows, its limit");
        assertThat(refusal.remedy()).contains("raise tally.pipelines.it.max-open-entries");
        assertThat(instance.lane(0).ended()).isFalse();
        assertGoesOn(0);
        instance.stop();

        bed.pipeline.maxOpenEntries(31);
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
    }

    /** Neither the other partition nor another pipeline is stopped, and a restart with no more heap says the same. */
    @Test
    void windowsTakeAllTheHeapTheyMay() {
        bed.pipeline.heap(new HeapBudget(100_000, "half of a small heap"));
        Input input = bed.input();
        Instance instance = bed.started("a");
        for (int key = 0; key < 1_000; key++) {
            input.send(1, key, input.time());
        }
        input.flush();
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem())
                .contains("of " + source(1) + ", the open windows of the pipeline would take 0.")
                .contains("half of a small heap");
        assertThat(refusal.remedy()).contains("-Xmx").contains("tally.pipelines.it.max-open-bytes");
        assertThat(instance.lane(0).ended()).isFalse();
        assertGoesOn(0);
        instance.stop();

        bed.pipeline.heap(new HeapBudget(100_000, "half of a small heap"));
        Instance again = bed.instance("a").start();
        assertThat(again.awaitRefusal(1).problem()).contains("the open windows of the pipeline would take 0.");
        assertGoesOn(0);
        again.stop();

        bed.pipeline.heap(new HeapBudget(1_000_000, "half of a larger heap"));
        bed.started("a");
        input.closeWindows();
        bed.assertExact();
    }
}
