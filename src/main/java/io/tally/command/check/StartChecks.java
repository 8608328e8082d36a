package io.tally.command.check;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.status.Refusal;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.GroupFacts;
import io.tally.plan.cluster.TopicConfigs;
import io.tally.plan.cluster.TopicFacts;
import io.tally.plan.cluster.TopicRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a start would do with what is committed, and what of the configuration may change now. */
final class StartChecks {
    /** How many refusals are shown in full. */
    private static final int SHOWN = 3;
    /** Retention is near if what it has left before a recovery's first record is less than such a part of the log. */
    private static final int NEAR = 10;

    private final KafkaPipeline pipeline;
    private final Subject subject;
    private final List<PartitionStart> starts;
    private final boolean isRunning;
    private final List<Finding> findings = new ArrayList<>();

    private StartChecks(Subject subject, List<PartitionStart> starts) {
        this.subject = subject;
        pipeline = subject.pipeline();
        this.starts = starts;
        GroupFacts group = subject.cluster().groups().get(pipeline.groupId());
        isRunning = group != null && group.members().stream().anyMatch(member -> GroupChecks.isOurs(pipeline, member));
    }

    /** @param starts what a start would do with each partition; empty if that cannot be said */
    static List<Finding> of(Subject subject, List<PartitionStart> starts) {
        StartChecks checks = new StartChecks(subject, starts);
        if (!starts.isEmpty()) {
            checks.refusals();
            checks.beginnings();
            checks.resumptions();
            checks.retention();
            checks.configuration();
        }
        return checks.findings;
    }

    /** What would be refused; while instances are at work, what would be refused after they were stopped. */
    private void refusals() {
        List<PartitionStart> refused =
                starts.stream().filter(start -> refusal(start) != null).toList();
        refused.stream().limit(SHOWN).forEach(start -> {
            Refusal refusal = refusal(start);
            if (refusal != null) {
                Refusal discreet = refusal.withoutData();
                findings.add(Finding.error("start", at(start), discreet.problem(), discreet.remedy()));
            }
        });
        if (refused.size() > SHOWN) {
            findings.add(Finding.error(
                    "start",
                    pipeline.topics().source(),
                    "A start would refuse " + refused.size() + " partitions in all: " + numbers(refused) + ".",
                    "see the ones above."));
        }
        List<PartitionStart> untilStopped = starts.stream()
                .filter(start -> start.outlook().refusal() != null && refusal(start) == null)
                .toList();
        if (!untilStopped.isEmpty()) {
            findings.add(Finding.warning(
                    "start",
                    pipeline.topics().source(),
                    "Instances are at work with what is committed. An instance with this configuration would now refuse the"
                            + " partitions " + numbers(untilStopped)
                            + ", since it would have to replay records of theirs.",
                    "stop all of them cleanly (SIGTERM), which leaves nothing to replay; then start with this"
                            + " configuration."));
        }
    }

    private @Nullable Refusal refusal(PartitionStart start) {
        return isRunning ? start.outlook().refusalAfterStop() : start.outlook().refusal();
    }

    private void beginnings() {
        List<PartitionStart> begins = starts.stream()
                .filter(start ->
                        start.outlook().metadata() == null && start.outlook().refusal() == null)
                .toList();
        if (begins.isEmpty()) {
            return;
        }
        boolean isGiven = begins.stream().anyMatch(PartitionStart::isCommitted);
        long records = begins.stream().mapToLong(PartitionStart::lag).sum();
        findings.add(Finding.ok(
                "start",
                pipeline.topics().source(),
                String.format(
                        Locale.ROOT,
                        "A start begins with %s of partitions %s: %,d offsets to read.",
                        isGiven
                                ? "the offsets that were set for its group"
                                : pipeline.startAtEnd() ? "the end" : "the beginning",
                        numbers(begins),
                        records)));
    }

    private void resumptions() {
        List<PartitionStart> resumes = starts.stream()
                .filter(start -> start.outlook().metadata() != null && refusal(start) == null)
                .toList();
        if (resumes.isEmpty()) {
            return;
        }
        findings.add(Finding.ok(
                "start",
                pipeline.topics().source(),
                String.format(
                        Locale.ROOT,
                        "A start resumes partitions %s: %,d offsets to replay for open windows, %,d not counted yet.",
                        numbers(resumes),
                        resumes.stream().mapToLong(PartitionStart::replayed).sum(),
                        resumes.stream().mapToLong(PartitionStart::lag).sum())));
    }

    /** Whether the broker will soon delete what a recovery needs. */
    private void retention() {
        TopicFacts source = subject.source();
        if (source == null || pipeline.stage() == StageKind.MERGE) {
            return;
        }
        for (PartitionStart start : starts) {
            long before = start.outlook().from() - start.held().from();
            long all = start.held().length();
            boolean isNear = start.held().from() > 0 && before >= 0 && before * NEAR < all;
            if (isNear && start.outlook().metadata() != null && start.outlook().refusal() == null) {
                findings.add(Finding.warning(
                        "retention",
                        at(start),
                        String.format(
                                Locale.ROOT,
                                "The log begins only %,d of its %,d offsets before offset %d, which a recovery needs. What the"
                                        + " broker deletes beyond that is missed, and the partition refused.",
                                before,
                                all,
                                start.outlook().from()),
                        "start the pipeline soon, or keep more: "
                                + TopicConfigs.alter(source.name(), "retention.ms=...,retention.bytes=...")));
            }
        }
    }

    private void configuration() {
        List<CommitMetadata> committed = new ArrayList<>();
        boolean isSameStructure = true;
        boolean isSameReplay = true;
        long replayed = 0;
        for (PartitionStart start : starts) {
            CommitMetadata metadata = start.outlook().metadata();
            if (metadata != null) {
                committed.add(metadata);
                isSameStructure &= start.outlook().isSameStructure();
                isSameReplay &= start.outlook().isSameReplay();
                replayed += start.replayed();
            }
        }
        String where = "pipeline " + pipeline.name();
        if (committed.isEmpty()) {
            findings.add(Finding.ok(
                    "configuration", where, "Nothing is committed yet, so all of the configuration may change."));
            return;
        }
        findings.add(Finding.ok(
                "configuration",
                where,
                difference(isSameStructure, isSameReplay) + " " + mayChange(committed, replayed)));
    }

    private String difference(boolean isSameStructure, boolean isSameReplay) {
        if (isSameStructure && isSameReplay) {
            return "It counts as what is committed was counted.";
        }
        String what = !isSameStructure
                ? "Key, window or aggregates are"
                : "Format, missing values, timestamp, filter, window or grace is";
        boolean isRefused = starts.stream().anyMatch(start -> refusal(start) != null);
        return what + " not as in what is committed"
                + (isRefused ? "; see the refusals." : ", and a start may go on with that now.");
    }

    /** What of the configuration may change at the next start, as things are. */
    private String mayChange(List<CommitMetadata> committed, long replayed) {
        long entries =
                committed.stream().mapToLong(CommitMetadata::storedEntries).sum();
        String reading = pipeline.stage() == StageKind.MERGE
                ? ""
                : "Format, missing values, timestamp, filter and grace may change "
                        + (isRunning
                                ? "after a clean stop (SIGTERM) of all instances. "
                                : replayed == 0
                                        ? "now. "
                                        : "after one start and clean stop (SIGTERM) with the old ones, since "
                                                + String.format(Locale.ROOT, "%,d", replayed)
                                                + " offsets are to be replayed. ");
        if (pipeline.stage() == StageKind.COMBINE) {
            return reading + "Key, window and aggregates may not change: " + startAnew();
        }
        boolean isOpen = entries > 0 || replayed > 0;
        return reading + "Key, window and aggregates may change "
                + (isOpen
                        ? "once all windows have closed; " + String.format(Locale.ROOT, "%,d", entries)
                                + " entries are stored."
                        : "as long as no window is open, as now.");
    }

    private String startAnew() {
        return new TopicRules(pipeline).startAnew();
    }

    private String at(PartitionStart start) {
        return pipeline.topics().source() + "-" + start.partition();
    }

    private static String numbers(List<PartitionStart> starts) {
        return starts.stream().map(start -> Integer.toString(start.partition())).collect(Collectors.joining(", "));
    }
}
