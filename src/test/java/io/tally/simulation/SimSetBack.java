package io.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.SetBack;
import org.jspecify.annotations.Nullable;

/** An operator of a {@link Simulation} sets the watermark back, now and then after all that is open has left. */
final class SimSetBack {
    private final Simulation simulation;
    /** Where the transaction sets the watermark back to; null if it does not. */
    @Nullable
    Long target;

    /** Whether the transaction has all that is open leave. */
    boolean closing;

    SimSetBack(Simulation simulation) {
        this.simulation = simulation;
    }

    /** All that is open leaves; says whether the process lives on. */
    boolean close(PartitionProcessor processor) {
        if (processor.watermark() == Long.MIN_VALUE || simulation.model.isBehind()) {
            return true;
        }
        simulation.dependsOnMore();
        simulation.happened(Happening.CLOSED_AT_REQUEST);
        closing = true;
        try {
            return simulation.transaction(processor, true, transaction -> {
                processor.to(transaction).closeOpen();
                return simulation.completeBatch(processor, processor.nextOffset(), transaction);
            });
        } finally {
            closing = false;
        }
    }

    /** Says whether the process lives on. */
    boolean setBack(PartitionProcessor processor) {
        NaiveModel model = simulation.model;
        // How the greatest event time goes back with it is another matter.
        if (processor.watermark() == Long.MIN_VALUE || simulation.rules.clockChange() > 0) {
            return true;
        }
        long to = processor.watermark()
                - simulation.random.nextLong(4 * simulation.rules.window().size());
        SetBack order = processor.setBackTo(to);
        assertThat(order.isNeedless()).isEqualTo(to == processor.watermark());
        boolean splits = model.splitsRows(to, simulation.rules);
        // The idle timeout would close what is open.
        assertThat(order.obstacle(false) != null)
                .isEqualTo(model.isBehind() || splits || model.hasWindowAfter(to, simulation.rules));
        if (order.isNeedless() || model.isBehind() || splits) {
            simulation.happened(splits ? Happening.SET_BACK_WOULD_SPLIT_ROWS : Happening.SET_BACK_IN_VAIN);
            return true;
        }
        simulation.dependsOnMore();
        target = to;
        try {
            simulation.transaction(
                    processor, false, transaction -> processor.to(transaction).setBack(order));
        } finally {
            target = null;
        }
        return false;
    }

    /** Before the checkpoint of the transaction. */
    void beforeCheckpoint() {
        if (target != null) {
            simulation.model.reopening(target, simulation.rules);
        }
    }

    /** Right before the metadata of the transaction. */
    void committed() {
        if (target != null) {
            NaiveModel model = simulation.model;
            simulation.happened(
                    model.hasClosedAfter(target, simulation.rules) ? Happening.SET_BACK_KEPT_ROWS : Happening.SET_BACK);
            simulation.reader.setBack(target, model, simulation.rules);
            model.setBack(target);
        }
    }
}
