package io.tally.command.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Fingerprint;
import io.tally.checkpoint.Ledger;
import io.tally.command.CommandRun;
import io.tally.pipeline.log.OffsetRange;
import io.tally.pipeline.partition.StartForecast.Outlook;
import io.tally.pipeline.status.Refusal;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.Finding.Severity;
import io.tally.plan.cluster.GroupFacts.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of a start, by what is committed. */
class StartChecksTest {
    private static final KafkaPipeline PIPELINE =
            CommandRun.pipeline().on("check", false).get(0);
    private static final Refusal REFUSAL = new Refusal("It is wrong.", "mend it.");

    private final Cluster cluster = new Cluster(PIPELINE);

    private static PartitionStart start(
            int partition, long from, long entries, @Nullable Refusal refusal, @Nullable Refusal afterStop) {
        CommitMetadata metadata = new CommitMetadata(
                100, 5, from, null, 0, new Ledger(1, 2, 3, 4, 0, 0), entries, 0, new Fingerprint("a", "b"), "id");
        Outlook outlook = new Outlook(from, 100, metadata, refusal, afterStop, true, refusal == null);
        return new PartitionStart(partition, new OffsetRange(0, 130), true, outlook);
    }

    private static PartitionStart beginning(int partition, boolean isGiven) {
        return new PartitionStart(
                partition, new OffsetRange(0, 1_000), isGiven, new Outlook(0, 0, null, null, null, true, true));
    }

    private List<Finding> of(PartitionStart... starts) {
        return StartChecks.of(cluster.subject(), List.of(starts));
    }

    private static List<String> texts(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .map(Finding::text)
                .toList();
    }

    @Test
    void begins() {
        assertThat(texts(of(beginning(0, false), beginning(1, false)), Severity.OK))
                .containsExactly(
                        "A start begins with the beginning of partitions 0, 1: 2,000 offsets to read.",
                        "Nothing is committed yet, so all of the configuration may change.");
        assertThat(texts(of(beginning(0, true)), Severity.OK).get(0))
                .contains("the offsets that were set for its group");
    }

    @Test
    void resumes() {
        List<Finding> found = of(start(0, 100, 0, null, null), start(1, 100, 0, null, null));
        assertThat(texts(found, Severity.OK).get(0))
                .isEqualTo(
                        "A start resumes partitions 0, 1: 0 offsets to replay for open windows, 60 not counted yet.");
        assertThat(texts(found, Severity.OK).get(1))
                .contains("It counts as what is committed was counted.", "grace may change now", "as now.");

        assertThat(texts(of(start(0, 70, 9, null, null)), Severity.OK).get(1))
                .contains("after one start and clean stop", "30 offsets are to be replayed", "9 entries are stored");
    }

    @Test
    void refuses() {
        List<Finding> found = of(
                start(0, 70, 0, REFUSAL, null),
                start(1, 70, 0, REFUSAL, null),
                start(2, 70, 0, REFUSAL, null),
                start(3, 70, 0, REFUSAL, null));
        assertThat(texts(found, Severity.ERROR))
                .containsExactly(
                        "It is wrong.",
                        "It is wrong.",
                        "It is wrong.",
                        "A start would refuse 4 partitions in all: 0, 1, 2, 3.");
        assertThat(found.get(0)).isEqualTo(Finding.error("start", "ip_count_source-0", "It is wrong.", "mend it."));
        assertThat(texts(found, Severity.OK)).singleElement().asString().contains("see the refusals");
    }

    /** While instances are at work there is nearly always something to replay, which a clean stop ends. */
    @Test
    void warnsOfWhatACleanStopHeals() {
        cluster.members(new Member("tally-ip-count-0", "/10.0.0.1", 4));

        List<Finding> found = of(start(0, 70, 0, REFUSAL, null), start(1, 100, 0, null, null));
        assertThat(texts(found, Severity.ERROR)).isEmpty();
        assertThat(texts(found, Severity.WARNING))
                .singleElement()
                .asString()
                .contains("would now refuse the partitions 0,", "replay records");

        assertThat(texts(of(start(0, 70, 0, REFUSAL, REFUSAL)), Severity.ERROR)).containsExactly("It is wrong.");
    }

    @Test
    void warnsWhereRetentionIsNear() {
        PartitionStart near = new PartitionStart(
                0, new OffsetRange(65, 130), true, start(0, 71, 0, null, null).outlook());
        assertThat(texts(of(near), Severity.WARNING))
                .containsExactly(
                        "The log begins only 6 of its 65 offsets before offset 71, which a recovery needs. What the"
                                + " broker deletes beyond that is missed, and the partition refused.");
        PartitionStart far = new PartitionStart(
                0, new OffsetRange(64, 130), true, start(0, 71, 0, null, null).outlook());
        assertThat(texts(of(far), Severity.WARNING)).isEmpty();
        PartitionStart whole = new PartitionStart(
                0, new OffsetRange(0, 130), true, start(0, 1, 0, null, null).outlook());
        assertThat(texts(of(whole), Severity.WARNING)).isEmpty();
    }
}
