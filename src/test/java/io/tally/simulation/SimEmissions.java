package io.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.checkpoint.StateFormat.UpdateNote;
import io.tally.pipeline.CommitPoint;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the state topic of a {@link Simulation} must know of updates that left without their entries. */
final class SimEmissions {
    private final Simulation simulation;
    private final StateFormat format = new StateFormat();
    /** Those that a recovery needs, by place. */
    private final Map<Integer, UpdateNote> live = new TreeMap<>();

    private final Set<Integer> used = new HashSet<>();

    SimEmissions(Simulation simulation) {
        this.simulation = simulation;
    }

    int size() {
        return live.size();
    }

    void addTo(StateDigest digest) {
        live.values()
                .forEach(emission -> digest.add(
                        format.keyChecksum(format.emissionKey(emission.place())),
                        emission.at(),
                        emission.changedBefore()));
    }

    /**
     * Takes them out of what a transaction wrote.
     *
     * @return the offset before which all changes had left, 0 if none left, negative if it cannot be told because the
     *     entries have it
     */
    long take(List<StateLog.Message> written, CommitPoint point) {
        List<StateLog.Message> found = written.stream()
                .filter(message -> format.kind(message.key()) == StateFormat.Kind.EMISSION)
                .toList();
        assertThat(found).hasSizeLessThan(2);
        written.removeAll(found);
        live.values().removeIf(emission -> emission.at() <= point.metadata().recoveryOffset());
        if (found.isEmpty()) {
            return point.metadata().recoveryOffset() < point.offset() ? 0 : -1;
        }
        StateLog.Message message = found.get(0);
        assertThat(message.value()).isNotNull();
        UpdateNote emission = format.readEmission(message.key(), message.value());
        assertThat(emission.at())
                .isEqualTo(point.offset())
                .isGreaterThan(point.metadata().recoveryOffset());
        assertThat(emission.changedBefore()).isPositive().isLessThanOrEqualTo(emission.at());
        assertThat(live.put(emission.place(), emission))
                .as("who has the place of %s", emission)
                .isNull();
        simulation.happened(used.add(emission.place()) ? Happening.EMISSION_NOTED : Happening.EMISSION_IN_A_USED_PLACE);
        return emission.changedBefore();
    }

    /** A restore replayed. */
    void replayed() {
        if (!live.isEmpty()) {
            simulation.happened(Happening.EMISSION_REPLAYED);
        }
    }
}
