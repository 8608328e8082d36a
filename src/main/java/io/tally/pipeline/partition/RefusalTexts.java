package io.tally.pipeline.partition;

import io.tally.aggregate.BrokenAggregateException;
import io.tally.checkpoint.BirthMarker;
import io.tally.checkpoint.CommitMetadata;
import io.tally.engine.row.FormerEntryException;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Divergence;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.setting.Setting;

/** The texts of all refusals to restore a partition: what was found, where, and what a person can do. */
final class RefusalTexts {
    private final SourcePartition source;

    RefusalTexts(SourcePartition source) {
        this.source = source;
    }

    RefusedException damagedState(String finding) {
        return new RefusedException(
                "The state topic " + stateTopic() + " is damaged: " + finding + ".",
                "if a backup of the topic exists, restore it. " + startAnew());
    }

    RefusedException damagedShuffle(long offset, String finding) {
        return new RefusedException(
                "The shuffle topic " + source + " is damaged: at its offset " + offset + " stands " + finding + ".",
                "if a newer version of Tally wrote it, run that version; if something else writes to the topic, stop it. "
                        + startAnew());
    }

    RefusedException otherPartials(long offset, String structure) {
        return new RefusedException(
                "At offset " + offset + " of the shuffle topic " + source + " stand partial results of another"
                        + " configuration of key, window or aggregate (fingerprint " + structure + ").",
                "run both stages, on all instances, with the same configuration. To change it: " + startAnew());
    }

    RefusedException otherShuffle(CommitMetadata metadata, long offset) {
        return new RefusedException(
                "The records of " + source + " before offset " + offset
                        + " went to the shuffle with another key, window or"
                        + " aggregate, or to another topic or number of partitions (fingerprint "
                        + metadata.fingerprint().structure() + "): their windows may still be open in the merge, and"
                        + " cannot be continued.",
                "to finish them, keep the old configuration (and number of partitions of the shuffle topic), stop what"
                        + " writes to " + source.topic()
                        + ", wait until all windows have closed, and stop. Then, or to give them up: " + startAnew());
    }

    RefusedException shuffleBeginsLate(long logStart) {
        return new RefusedException(
                "The merge of " + source + " has not begun yet, but the shuffle topic begins at offset " + logStart
                        + ": partial results were removed before they were merged, or the merge's group and state were.",
                "set retention.ms of " + source.topic() + " to -1. " + startAnew());
    }

    RefusedException stateTopicLost(long offset) {
        return new RefusedException(
                "Offset " + offset + " of " + source + " was committed by this pipeline, but the state topic "
                        + stateTopic()
                        + " holds no birth marker: it was deleted, truncated, or is not the one used before.",
                "if the topic's name was changed, set " + source.property(Setting.STATE_TOPIC)
                        + " back to the old one. " + startAnew());
    }

    RefusedException offsetGone(BirthMarker birth) {
        return new RefusedException(
                "The group " + source.groupId() + " has no committed offset for " + source
                        + ", but its state topic shows that the pipeline has run since offset " + birth.birthOffset()
                        + ": the offset expired (offsets.retention.minutes) or the group was deleted.",
                "starting at any offset would count records twice or skip them, so say where to begin. " + startAnew());
    }

    RefusedException offsetReset(long offset, BirthMarker birth) {
        return new RefusedException(
                "The committed offset " + offset + " of " + source
                        + " does not carry this pipeline's metadata although it has run since offset "
                        + birth.birthOffset() + ": the offset was reset by hand.",
                "the state belongs to another offset and cannot be used at this one. " + startAnew());
    }

    RefusedException offsetMoved(long offset, CommitMetadata metadata) {
        return new RefusedException(
                "The committed offset " + offset + " of " + source + " carries the metadata of offset "
                        + metadata.offset() + ": the offset was moved by a tool that kept the metadata.",
                "if nothing was processed since, set the offset back to " + metadata.offset()
                        + " with the same metadata. The state belongs to that offset and cannot be used at another. "
                        + startAnew());
    }

    RefusedException unreadableMetadata(Committed committed, String reason) {
        return new RefusedException(
                "The metadata of the committed offset " + committed.offset() + " of " + source + " cannot be used: "
                        + reason + ". It reads '" + committed.metadata() + "'.",
                "if a newer version of Tally wrote it, run that version. " + startAnew());
    }

    RefusedException otherStructure(CommitMetadata metadata, long offset) {
        return new RefusedException(
                "At offset " + offset + " of " + source + " windows are open that were counted with another key, window"
                        + " or aggregate (fingerprint " + metadata.fingerprint().structure()
                        + "): they cannot be continued.",
                "to finish them, run with the old configuration until they have closed, then stop and change it."
                        + " To give them up: " + startAnew());
    }

    RefusedException otherReplay(CommitMetadata metadata, long offset) {
        return new RefusedException(
                "The records " + metadata.recoveryOffset() + " to " + offset + " of " + source
                        + " must be replayed, but format, missing values, timestamp, key, filter, window or grace changed since"
                        + " they were counted, or this version of Tally reads them otherwise (fingerprint "
                        + metadata.fingerprint().replay()
                        + "): the replay would count differently.",
                "start once with the old configuration and version and stop it cleanly (SIGTERM), which leaves nothing to"
                        + " replay; then change it.");
    }

    RefusedException noCut(CommitMetadata metadata, long offset) {
        return new RefusedException(
                "The records " + metadata.recoveryOffset() + " to " + offset + " of " + source
                        + " must be replayed, but the version that counted them did not keep what sessions need for that.",
                "start that version once more and stop it cleanly (SIGTERM), which leaves nothing to replay; then start"
                        + " this one.");
    }

    RefusedException formerEntry(FormerEntryException e) {
        return new RefusedException(
                "The state topic " + stateTopic() + " was written by a version that did not keep which rows a session's"
                        + " next row replaces: " + e.getMessage() + ".",
                "start that version once more and stop it cleanly (SIGTERM): with emit: updates at any time, else when"
                        + " the session has closed; then start this one. " + startAnew());
    }

    RefusedException brokenFunction(long offset, BrokenAggregateException e) {
        return new RefusedException(
                "Before offset " + offset + " of " + source + ", " + e.getMessage() + ".",
                "correct the function, then restart; nothing is lost, the partition goes on where it stopped.",
                "Before offset " + offset + " of " + source + ", " + e.discreet() + ".");
    }

    RefusedException unreadableAccumulator(BrokenAggregateException e) {
        return new RefusedException(
                "The state topic " + stateTopic() + " holds an accumulator for which " + e.getMessage() + ".",
                "correct the function, or go back to the version of it that wrote the accumulator, then restart; nothing"
                        + " is lost.",
                "The state topic " + stateTopic() + " holds an accumulator for which " + e.discreet() + ".");
    }

    RefusedException compacted(CommitMetadata metadata, long offset) {
        return new RefusedException(
                "The records " + metadata.recoveryOffset() + " to " + offset + " of " + source
                        + " must be replayed, but the topic is compacted now, or may not be described, so some of them may"
                        + " be gone.",
                "if its cleanup.policy was changed and nothing has been compacted yet, change it back to delete, start,"
                        + " stop cleanly (SIGTERM), which leaves nothing to replay, and change it again; if it was not"
                        + " changed, allow DescribeConfigs on it. " + startAnew());
    }

    RefusedException trimmed(Committed committed, long from) {
        boolean replay = from < committed.offset();
        return new RefusedException(
                "The source " + source + " begins at offset " + committed.logStart() + ", but the records from " + from
                        + " are needed" + (replay ? " to rebuild open windows" : " and were never counted")
                        + ": retention or a delete-records command removed them.",
                "raise the retention of " + source.topic()
                        + " beyond the longest outage plus the time that windows stay"
                        + " open. The records are gone, so rows of the windows concerned would be wrong. "
                        + startAnew());
    }

    RefusedException beyondEnd(Committed committed) {
        return new RefusedException(
                "The committed offset " + committed.offset() + " of " + source + " lies beyond its end "
                        + committed.logEnd() + ": the topic was truncated or lost data.",
                goOnAfterLoss(committed.logEnd(), committed.offset()));
    }

    RefusedException truncated(long offset, Divergence divergence) {
        Long end = divergence.end();
        return new RefusedException(
                "The source " + source + " was truncated: offset " + offset + " was committed when leader epoch "
                        + divergence.epoch() + " reached that far, but "
                        + (end == null
                                ? "its leader does not know that epoch any more"
                                : "the log of that epoch ends at offset " + end + " now")
                        + ". Records that were counted are gone, and others that were not may stand at their offsets.",
                goOnAfterLoss(divergence.lostFrom(), offset));
    }

    RefusedException lost(long offset, long lostFrom) {
        return new RefusedException(
                "The source " + source + " was once found to have lost records that were counted before offset "
                        + offset + ", from offset " + lostFrom + " on; that is noted with the committed offset (x="
                        + lostFrom + "). Whatever stands there by now was not counted.",
                goOnAfterLoss(lostFrom, offset));
    }

    private String goOnAfterLoss(long lostFrom, long offset) {
        String cause = "find out why records are gone that were acknowledged: an unclean leader election,"
                + " min.insync.replicas or acks too low, a lost disk. Rows that count them stay in the sink. ";
        if (source.stage() == StageKind.MERGE) {
            return cause + startAnew();
        }
        return cause + "In this partition, --to-current leaves out what was written since at the offsets " + lostFrom
                + " to " + offset + "; an earlier offset counts that, and once more what lies before it. "
                + startAnew();
    }

    /** Refuses if the state does not belong to this source and group. */
    void checkBirth(BirthMarker birth) {
        if (!birth.pipeline().equals(source.owner()) && isOfThisPipeline(birth)) {
            throw otherTopology(birth);
        }
        if (!birth.pipeline().equals(source.owner())
                || !birth.groupId().equals(source.groupId())
                || !birth.sourceTopic().equals(source.topic())) {
            throw new RefusedException(
                    "The state topic " + stateTopic() + " belongs to pipeline '" + birth.pipeline() + "' of group '"
                            + birth.groupId() + "' on topic " + birth.sourceTopic() + ", not to pipeline '"
                            + source.owner() + "' of group '" + source.groupId() + "' on topic " + source.topic()
                            + ".",
                    "give each pipeline and group a state topic of its own: " + source.property(Setting.STATE_TOPIC)
                            + ".");
        }
        if (!birth.sourceTopicId().equals(source.topicId())) {
            throw new RefusedException(
                    "The source topic " + source.topic() + " was deleted and created again: its id is "
                            + source.topicId() + ", and the state was counted from " + birth.sourceTopicId() + ".",
                    "the old records are gone and offsets began again. " + startAnew());
        }
        // A combine stage keeps nothing by key, so its source may grow.
        if (birth.partitions() != source.partitions() && source.stage() != StageKind.COMBINE) {
            throw new RefusedException(
                    "The source topic " + source.topic() + " has " + source.partitions()
                            + " partitions, and the state was counted when it had " + birth.partitions()
                            + ": keys have moved between partitions, so windows would be split.",
                    (source.stage() == StageKind.MERGE
                                    ? ""
                                    : "count such a topic through a shuffle, or start anew once all records from before the"
                                            + " change are counted. ")
                            + startAnew());
        }
    }

    private boolean isOfThisPipeline(BirthMarker birth) {
        return birth.pipeline().equals(source.pipeline()) || birth.pipeline().startsWith(source.pipeline() + ".");
    }

    private RefusedException otherTopology(BirthMarker birth) {
        boolean shuffledNow = source.stage() != StageKind.DIRECT;
        return new RefusedException(
                "The state topic " + stateTopic() + " was written by '" + birth.pipeline() + "', and this is '"
                        + source.owner() + "': the pipeline ran " + (shuffledNow ? "without" : "with")
                        + " a shuffle before, and its open windows are in the other form.",
                "to finish them, set " + source.property(Setting.SHUFFLE) + " back to "
                        + (shuffledNow ? "never" : "always")
                        + ", run until all windows have closed, and stop. Then, or to give them up: " + startAnew());
    }

    private String startAnew() {
        ShuffleSide shuffle = source.shuffle();
        return "To start anew from offsets of your choice (open windows of the old state are given up): stop all"
                + " instances; run kafka-consumer-groups.sh --bootstrap-server HOST:PORT --group "
                + (shuffle == null ? source.groupId() : shuffle.sourceGroup())
                + " --topic " + (shuffle == null ? source.topic() : shuffle.source())
                + " --reset-offsets --to-current|--to-earliest|--to-datetime ... --execute"
                + " for all partitions; set " + source.property(Setting.STATE_TOPIC)
                + (shuffle == null ? "" : " and " + source.property(Setting.SHUFFLE_TOPIC_NAME))
                + " to a new name; start.";
    }

    private String stateTopic() {
        return source.stateTopic() + "-" + source.partition();
    }
}
