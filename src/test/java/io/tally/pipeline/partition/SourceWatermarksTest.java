package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.SourceReport;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SourceWatermarksTest {
    private final SourceWatermarks sources = new SourceWatermarks();

    @Test
    void waitsUntilAllHaveReported() {
        assertThat(sources.merged()).isEqualTo(WindowEngine.NO_WATERMARK);
        report(0, 3, 100);
        report(2, 3, 50);
        assertThat(sources.merged()).isEqualTo(WindowEngine.NO_WATERMARK);
        assertThat(sources.slowestSource()).isEqualTo(new SlowestSource(1, null, null, null));
        report(1, 3, 70);
        assertThat(sources.merged()).isEqualTo(50);
        assertThat(sources.slowestSource()).isEqualTo(new SlowestSource(2, 50L, 7L, 9L));
    }

    @Test
    void waitsAgainWhenTheSourceGrows() {
        report(0, 1, 100);
        assertThat(sources.merged()).isEqualTo(100);
        report(0, 2, 110);
        assertThat(sources.merged()).isEqualTo(WindowEngine.NO_WATERMARK);
        // A stage that has not noticed yet.
        report(0, 1, 120);
        assertThat(sources.merged()).isEqualTo(WindowEngine.NO_WATERMARK);
        report(1, 2, 90);
        assertThat(sources.merged()).isEqualTo(90);
    }

    @Test
    void leavesIdleOnesOut() {
        report(0, 2, 100);
        sources.report(1, 2, 0, WindowEngine.NO_WATERMARK, true, 9, 1);
        assertThat(sources.merged()).isEqualTo(100);
        assertThat(sources.isAllIdle()).isFalse();
        sources.report(0, 2, 7, 100, true, 9, 2);
        assertThat(sources.isAllIdle()).isTrue();
        assertThat(sources.merged()).as("the highest of the idle ones").isEqualTo(100);
        assertThat(sources.slowestSource()).isNull();
        report(1, 2, 30);
        assertThat(sources.isAllIdle()).isFalse();
        assertThat(sources.merged()).isEqualTo(30);
    }

    @Test
    void tellsHowFarEachIs() {
        assertThat(sources.reports()).isEmpty();
        report(0, 3, 100);
        sources.report(2, 3, 8, 50, true, 9, 1);
        assertThat(sources.reports())
                .containsExactly(
                        new SourceReport(0, 100L, 7L, 9L, false),
                        new SourceReport(1, null, null, null, false),
                        new SourceReport(2, 50L, 8L, 9L, true));
    }

    /** State records outlive the version that wrote them. */
    @Test
    void staysAsItIsInTheStateTopic() {
        report(0, 3, -100);
        sources.report(2, 3, 300, 5_000, true, 1_000, 1);
        StateOutput out = new StateOutput();
        sources.write(out);
        assertThat(HexFormat.of().formatHex(out.toByteArray()))
                .isEqualTo("03" + "01" + "c701" + "07" + "12" + "00" + "02" + "904e" + "ac02" + "d00f");

        SourceWatermarks restored = new SourceWatermarks();
        restored.restore(new StateInput(out.toByteArray()), 10);
        assertThat(restored.slowestSource()).isEqualTo(new SlowestSource(1, null, null, null));
        assertThat(restored.appliedUpTo()).isEqualTo(10);
        assertThat(restored.dirtySince()).isEqualTo(WindowEngine.NOTHING_DIRTY);
        restored.replay(1, 3, 1, 60, false, 1, 9);
        assertThat(restored.merged()).as("known already").isEqualTo(WindowEngine.NO_WATERMARK);
        restored.replay(1, 3, 1, 60, false, 1, 10);
        assertThat(restored.merged()).isEqualTo(-100);
        assertThat(restored.dirtySince()).isEqualTo(10);
    }

    @Test
    void refusesWhatIsDamaged() {
        assertThatThrownBy(() -> new SourceWatermarks().restore(new StateInput(new byte[] {9, 0}), 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("9 source partitions in 1 bytes");
        assertThatThrownBy(() -> new SourceWatermarks().restore(new StateInput(new byte[] {1, 3}), 1))
                .hasMessageContaining("unknown state 3");
    }

    private void report(int partition, int partitions, long watermark) {
        sources.report(partition, partitions, 7, watermark, false, 9, 0);
    }
}
