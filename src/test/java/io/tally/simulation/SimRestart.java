package io.tally.simulation;

import static io.tally.simulation.Happening.CRASH_IN_A_RESTORE;
import static io.tally.simulation.Happening.EMISSION_SWITCHED;
import static io.tally.simulation.Happening.MISSING_OFFSET_REFUSED;
import static io.tally.simulation.Happening.OTHER_CONFIGURATION_ACCEPTED;
import static io.tally.simulation.Happening.OTHER_REPLAY_REFUSED;
import static io.tally.simulation.Happening.OTHER_STRUCTURE_ACCEPTED;
import static io.tally.simulation.Happening.OTHER_STRUCTURE_REFUSED;
import static io.tally.simulation.Happening.REPLAYED_INTO_STORED_ROW;
import static io.tally.simulation.Happening.REPLAYED_RECORD;
import static io.tally.simulation.Happening.SKIPPED_IN_REPLAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.SourceRecord;
import io.tally.engine.EngineView;
import io.tally.pipeline.Committed;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.ProcessorView;
import io.tally.pipeline.partition.Restoration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** How a {@link Simulation}'s next process takes over: from what the broker holds, through {@link Restoration}. */
final class SimRestart {
    private final Simulation simulation;

    SimRestart(Simulation simulation) {
        this.simulation = simulation;
    }

    /** The next owner's processor; null if it died while restoring. */
    @Nullable
    PartitionProcessor restore() {
        Random random = simulation.random;
        if (random.nextInt(4) == 0) {
            simulation.policy = SimSettings.policy(random);
        }
        if (random.nextInt(6) == 0) {
            reconfigure();
        }
        if (simulation.born && random.nextInt(20) == 0) {
            missingOffset();
        }
        simulation.batchEnds.clear();
        simulation.batchEnds.addAll(List.of(simulation.recovery, simulation.committed));
        Restoration restoration = load(simulation.rules, simulation.kafka.committed());
        assertThat(restoration.replayFrom()).isEqualTo(simulation.recovery);
        assertThat(restoration.replayTo()).isEqualTo(simulation.committed);
        replay(restoration);
        if (simulation.crash()) {
            simulation.happened(CRASH_IN_A_RESTORE);
            return null;
        }
        PartitionProcessor processor = restoration.complete(Simulation.ID);
        if (simulation.model.expired() != null) {
            simulation.happened(Happening.RESTORED_WITH_TOMBSTONES_LEFT);
        }
        if (simulation.model.isBehind()) {
            simulation.happened(
                    simulation.model.rowsLeft > 0 ? Happening.RESTORED_WITHIN_A_WINDOW : Happening.RESTORED_IN_A_STEP);
        }
        simulation.model.restored(simulation.rules);
        simulation.check.restored(processor, simulation.committed);
        if (simulation.living != null) {
            assertThat(EngineView.rows(ProcessorView.engine(processor)))
                    .as("the restored rows, to the byte of their accumulators")
                    .isEqualTo(simulation.living);
        }
        return processor;
    }

    private Restoration load(SimRules rules, Committed committed) {
        Restoration restoration =
                new Restoration(Simulation.SOURCE, rules.spec(simulation.policy, SimSettings.FOREVER));
        simulation.kafka.state.read(
                simulation.random, message -> restoration.state(message.offset(), message.key(), message.value()));
        restoration.load(committed);
        return restoration;
    }

    private void replay(Restoration restoration) {
        List<SimRecord> events =
                simulation.kafka.fetch(restoration.replayFrom(), restoration.replayTo(), Integer.MAX_VALUE);
        for (SourceRecord record : SimParts.records(events, simulation.rules)) {
            restoration.replay(record);
            simulation.happened(REPLAYED_RECORD);
        }
        simulation.emissions.replayed();
        for (ModelRow row : simulation.model.rows()) {
            if (row.appliedUpTo != ModelRow.NEVER && row.dirtySince != ModelRow.CLEAN) {
                simulation.happened(REPLAYED_INTO_STORED_ROW);
            }
            if (row.appliedUpTo > simulation.recovery) {
                simulation.happened(SKIPPED_IN_REPLAY);
            }
        }
    }

    /**
     * A coordinator in failover can answer that there is no offset; taking that for a fresh start would lose
     * everything.
     */
    private void missingOffset() {
        simulation.happened(MISSING_OFFSET_REFUSED);
        assertThatThrownBy(() -> load(simulation.rules, new Committed(false, 0, "", 0, simulation.kafka.sourceEnd())))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("has no committed offset");
    }

    /** Starts with another configuration, which must work exactly when nothing of the old one is needed. */
    private void reconfigure() {
        SimRules rules = simulation.rules;
        Random random = simulation.random;
        SimWindow window = rules.window();
        SimRules other = switch (random.nextInt(5)) {
            case 4 ->
                rules.withStructure(
                        window.kind() == SimWindow.Kind.TOTAL ? window : window.withUpdates(!window.updates()),
                        rules.aggregates());
            case 0 -> rules.withGrace(random.nextLong(2 * rules.grace() + 2));
            case 1 -> rules.withFilterBelow(random.nextInt(5));
            case 2 -> rules.withSinkPrefix("v" + random.nextInt(9));
            default ->
                rules.withStructure(SimSettings.window(random, rules.window().size()), SimSettings.aggregates(random));
        };
        boolean replays = simulation.recovery < simulation.committed;
        boolean sameStructure =
                other.fingerprint().structure().equals(rules.fingerprint().structure());
        boolean sameReplay =
                other.fingerprint().replay().equals(rules.fingerprint().replay());
        if (!sameStructure && (replays || simulation.model.stored > 0)) {
            simulation.happened(OTHER_STRUCTURE_REFUSED);
            assertRefused(other, "another key, window or aggregate");
        } else if (!sameReplay && replays) {
            simulation.happened(OTHER_REPLAY_REFUSED);
            assertRefused(other, "must be replayed");
        } else {
            simulation.happened(sameStructure ? OTHER_CONFIGURATION_ACCEPTED : OTHER_STRUCTURE_ACCEPTED);
            if (other.window().updates() != window.updates()) {
                // What no row has shown is of interest to one of them only.
                simulation.living = null;
                if (sameStructure && simulation.emissions.size() > 0) {
                    simulation.happened(EMISSION_SWITCHED);
                }
            }
            if (!sameStructure) {
                simulation.model = other.window().newModel().after(simulation.model);
                simulation.model.beginAt(simulation.committed);
                simulation.reader = new SimReader(other.window(), simulation.model);
            }
            simulation.rules = other;
            simulation.dependsOnMore();
        }
    }

    private void assertRefused(SimRules other, String why) {
        assertThatThrownBy(() -> load(other, simulation.kafka.committed()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why)
                .hasMessageContaining(Long.toString(simulation.committed));
    }
}
