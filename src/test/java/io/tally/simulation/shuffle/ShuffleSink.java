package io.tally.simulation.shuffle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.simulation.RuleReader;
import io.tally.simulation.SimTransaction;
import io.tally.simulation.SimWindow.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Somebody who reads the sink and the late topic of a {@link ShuffleSimulation}, transaction by transaction. */
final class ShuffleSink {
    private final ShuffleSettings settings;
    private final Consumer<ShuffleHappening> happened;
    /** Rows of the sink by window and key: the counts of each row that came, which must be one. */
    final Map<String, List<Long>> rows = new TreeMap<>();
    /** The same of partials that came too late. */
    final Map<String, List<Long>> latePartials = new TreeMap<>();
    /** Late partials by key. */
    final Map<String, Long> lateByKey = new TreeMap<>();
    /** Late records: partition and offset. */
    final List<String> late = new ArrayList<>();

    final RuleReader<Long> reader = new RuleReader<>();
    final ShuffledTotals totals = new ShuffledTotals(ShuffleSettings.SIZE);
    /** Revisions so far. */
    private final Map<String, Long> revisions = new TreeMap<>();

    ShuffleSink(ShuffleSettings settings, Consumer<ShuffleHappening> happened) {
        this.settings = settings;
        this.happened = happened;
    }

    void late(int partition, SimTransaction transaction) {
        transaction.late.forEach(offset -> late.add(partition + "-" + offset));
    }

    void latePartial(ShuffleRow row) {
        happened.accept(ShuffleHappening.LATE_PARTIAL);
        latePartials.computeIfAbsent(row.id(), id -> new ArrayList<>()).add(row.count());
        lateByKey.merge(row.key(), row.count(), Long::sum);
    }

    /** @param merge the partition that it came from */
    void row(int merge, ShuffleRow row) {
        Kind kind = settings.window.kind();
        happened.accept(ShuffleHappening.valueOf(kind + "_ROW"));
        if (kind == Kind.TOTAL_WITH_TTL) {
            totals.row(merge, row.key(), row.count(), row.revision(), row.isFinal(), settings.window.updates());
        } else {
            checkRevision(row);
        }
        reader.read(row.key(), row.window(), row.revision(), row.replaces(), row.count());
        if (!row.replaces().isEmpty()) {
            happened.accept(ShuffleHappening.REPLACED);
        }
        if (row.revision() > 1 && !settings.window.updates()) {
            happened.accept(ShuffleHappening.CORRECTION);
        }
        if (row.isFinal() || kind == Kind.TOTAL) {
            rows.computeIfAbsent(row.id(), id -> new ArrayList<>()).add(row.count());
        }
    }

    /** They count the rows of a window; a session has another name with each change. */
    private void checkRevision(ShuffleRow row) {
        if (!settings.recountable || (settings.window.kind() == Kind.SESSION && settings.isRevised())) {
            assertThat(row.revision()).as("revision of %s", row).isGreaterThanOrEqualTo(settings.isRevised() ? 1 : 0);
        } else {
            assertThat(row.revision())
                    .as("revision of %s", row)
                    .isEqualTo(settings.isRevised() ? revisions.merge(row.id(), 1L, Long::sum) : 0);
        }
    }
}
