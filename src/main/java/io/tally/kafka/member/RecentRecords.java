package io.tally.kafka.member;

import io.tally.checkpoint.Ledger;
import io.tally.kafka.transaction.Losses;
import io.tally.kafka.transaction.Losses.Loss;
import io.tally.pipeline.status.Uncounted;
import io.tally.plan.UncountedRule;
import io.tally.setting.Setting;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What became of the latest records of a partition, about a thousand: those of the last commit count in full, and
 * earlier ones fill up the rest. Only records that this process has committed count. Confined to the consumer thread.
 */
final class RecentRecords {
    static final double MEMORY = 1000;

    private final TopicPartition id;
    private final UncountedRule rule;
    private double records;
    private double counted;
    private double lost;
    private double filtered;
    /** Whether any record was ever counted. */
    private boolean anyCounted;

    /** Records that were not counted, by reason. Late partials of a merge count as one each. */
    private final Map<String, Double> losses = new HashMap<>();

    private final Map<String, Long> samples = new HashMap<>();

    RecentRecords(TopicPartition id, UncountedRule rule) {
        this.id = id;
        this.rule = rule;
    }

    void committed(Ledger delta, Losses lostNow) {
        double weight = records > MEMORY ? MEMORY / records : 1;
        records = records * weight + delta.total();
        counted = counted * weight + delta.folded();
        lost = lost * weight + delta.late() + delta.deadLettered();
        filtered = filtered * weight + delta.filtered();
        anyCounted |= delta.folded() > 0;
        losses.replaceAll((reason, count) -> count * weight);
        lostNow.byReason().forEach((reason, loss) -> add(reason, loss));
    }

    private void add(String reason, Loss loss) {
        losses.merge(reason, (double) loss.count(), Double::sum);
        samples.put(reason, loss.offset());
    }

    /** The finding that hardly any of the records are counted; null if that is not so. */
    @Nullable
    Uncounted uncounted() {
        if (records < rule.records()) {
            return null;
        }
        if (lost > 0 && lost >= rule.share() * records) {
            return new Uncounted(rule.readiness(), text());
        }
        boolean none = anyCounted ? records >= MEMORY && counted < 1 : counted == 0;
        return none ? new Uncounted(false, filteredText()) : null;
    }

    private String text() {
        String reason = Objects.requireNonNull(mostFrequent(), "a reason for each");
        return "of its latest " + Math.round(records) + " records " + Math.round(lost)
                + " are not counted, most of them " + Remedies.label(reason) + ", for example " + id + "@"
                + samples.get(reason) + ": " + Remedies.of(reason);
    }

    private String filteredText() {
        String reason = mostFrequent();
        return "of its latest " + Math.round(records) + " records none is counted: the filter leaves "
                + Math.round(filtered) + " out"
                + (reason == null
                        ? ""
                        : ", and of the others most are " + Remedies.label(reason) + ", for example " + id + "@"
                                + samples.get(reason))
                + "; compare filter (and " + Setting.SOURCE_SKIP + ", " + Setting.SOURCE_NULL_VALUES
                + ") with a record";
    }

    private @Nullable String mostFrequent() {
        return losses.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
