package io.tally.command.explain;

import io.tally.aggregate.Event;
import io.tally.checkpoint.CommitMetadata;
import io.tally.command.recount.Recountable;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.SourcePart;
import io.tally.engine.WindowEngine;
import io.tally.engine.row.Aggregates;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.ShufflePartitioner;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.ShuffleDefinition;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pipeline, the question about it, and how far it had got when it was looked at. */
final class Scene {
    private final PipelineDefinition pipeline;
    private final Windowing windowing;
    private final RowFold.Maker rows;
    private final Question question;
    private final Instant now;
    private final SortedMap<Integer, SourcePart> parts = new TreeMap<>();
    /** What is committed for the partitions whose watermarks close windows. */
    private final SortedMap<Integer, CommitMetadata> closing = new TreeMap<>();

    private @Nullable ShufflePartitioner shuffle;
    private boolean isRedriven;
    private boolean knowsLastOnly;

    private Scene(PipelineDefinition pipeline, Windowing windowing, Question question, Instant now) {
        this.pipeline = pipeline;
        this.windowing = windowing;
        this.question = question;
        this.now = now;
        rows = new RowFold.Maker(pipeline.spec(), new Aggregates(pipeline.spec().aggregates()));
    }

    /**
     * Looks at what is committed.
     *
     * @throws LogException if there is nothing to look at
     * @throws io.tally.command.frame.UsageException if that was counted under another configuration
     */
    static Scene of(PipelineDefinition pipeline, Windowing windowing, Question question, Instant now, LogReader log) {
        Scene scene = new Scene(pipeline, windowing, question, now);
        ShuffleDefinition shuffle = pipeline.shuffle();
        if (shuffle != null) {
            // Read before the source's offsets: what a merge has closed by now was in the source before, so these
            // offsets cover it.
            scene.shuffle = new ShufflePartitioner(log.requirePartitions("topic", shuffle.topic()));
            log.committed(pipeline.groupId() + ShuffleDefinition.MERGE_SUFFIX, shuffle.topic())
                    .forEach((partition, committed) -> scene.closing.put(
                            partition, Recountable.parsed(shuffle.topic() + "-" + partition, committed)));
        }
        scene.closing.values().forEach(new Recountable(pipeline, "explained")::requireSameRows);
        String source = pipeline.topics().source();
        SortedMap<Integer, CommittedOffset> committed = log.committed(pipeline.groupId(), source);
        if (committed.isEmpty()) {
            throw new LogException("The group " + pipeline.groupId() + " has committed nothing for " + source
                    + ", so there are no rows to explain. Is it the right broker and group?");
        }
        int count = log.requirePartitions("topic", source);
        for (int partition = 0; partition < count; partition++) {
            CommittedOffset offset = committed.get(partition);
            CommitMetadata metadata = offset == null ? null : Recountable.parsed(source + "-" + partition, offset);
            if (metadata != null) {
                new Recountable(pipeline, "explained").requireSameConfiguration(metadata);
                if (shuffle == null) {
                    scene.closing.put(partition, metadata);
                }
            }
            OffsetRange held = log.range(source, partition);
            if (metadata != null) {
                Recountable.requireEnd(source + "-" + partition, held, metadata);
            }
            scene.parts.put(partition, new SourcePart(partition, held, metadata));
        }
        scene.knowsLastOnly = scene.window().hasRevisions()
                && (scene.hasShuffle() || pipeline.topics().sinks().stream().anyMatch(log::isCompacted));
        scene.isRedriven = !RedriveMark.committed(pipeline, log).isEmpty();
        return scene;
    }

    PipelineDefinition pipeline() {
        return pipeline;
    }

    PipelineSpec spec() {
        return pipeline.spec();
    }

    WindowSpec window() {
        return spec().window();
    }

    Windowing windowing() {
        return windowing;
    }

    /** A row without an event. */
    RowFold newRow() {
        return rows.row();
    }

    Question question() {
        return question;
    }

    Instant now() {
        return now;
    }

    SortedMap<Integer, SourcePart> parts() {
        return parts;
    }

    /** A partition of the source, which must be there. */
    SourcePart part(int partition) {
        SourcePart part = parts.get(partition);
        if (part == null) {
            throw new IllegalArgumentException("there is no partition " + partition);
        }
        return part;
    }

    String source() {
        return pipeline.topics().source();
    }

    /** Whether rows may have been corrected after all others had left. */
    boolean isRedriven() {
        return isRedriven;
    }

    boolean hasShuffle() {
        return shuffle != null;
    }

    /**
     * Whether only the last of several rows can be told: behind a shuffle the order of events is not known, and
     * compaction removes the others.
     */
    boolean knowsLastOnly() {
        return knowsLastOnly;
    }

    /** The partition whose watermark closes the windows of an event's key. */
    int closingPartition(int source, Event event) {
        return shuffle == null ? source : shuffle.partition(event.keyBuffer(), event.keyStart(), event.keyLength());
    }

    /** The partition of the shuffle topic that has the key; null without a shuffle. */
    @Nullable
    Integer shufflePartition(byte[] key) {
        return shuffle == null ? null : (Integer) shuffle.partition(key, 0, key.length);
    }

    /** The topic whose partitions' watermarks close windows. */
    String closingTopic() {
        ShuffleDefinition definition = pipeline.shuffle();
        return definition == null ? source() : definition.topic();
    }

    /** What is committed for the partitions whose watermarks close windows. */
    SortedMap<Integer, CommitMetadata> closing() {
        return closing;
    }

    /** The watermark that closes the windows of a partition. */
    long watermark(int closingPartition) {
        CommitMetadata metadata = closing.get(closingPartition);
        return metadata == null ? WindowEngine.NO_WATERMARK : metadata.watermark();
    }

    /** Whether the window had closed in a partition. */
    boolean isClosed(int closingPartition) {
        return question.end() <= watermark(closingPartition);
    }

    /** Whether rows were leaving from a partition, some of which may be there already. */
    boolean isLeaving(int closingPartition) {
        CommitMetadata metadata = closing.get(closingPartition);
        return metadata != null && metadata.rowsLeft() > 0;
    }

    /** Whether the window takes no more records under a watermark. */
    boolean isGone(long watermark) {
        return window().isGone(question.end(), watermark);
    }

    /** Whether the pipeline has got further since another look. */
    boolean isAhead(Scene before) {
        return !closing.equals(before.closing)
                || parts.values().stream()
                        .anyMatch(part ->
                                part.next() != before.part(part.partition()).next());
    }
}
