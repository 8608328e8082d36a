package io.tally.command.recount;

import io.tally.aggregate.Aggregate;
import io.tally.checkpoint.CommitMetadata;
import io.tally.command.frame.UsageException;
import io.tally.engine.row.Aggregates;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.setting.Setting;
import io.tally.window.WindowKind;
import io.tally.window.Windowing;

/**
 * Whether the rows of a pipeline follow from its source in a way that a second reading knows.
 *
 * @param purpose what cannot be done otherwise, as "audited"
 */
public record Recountable(PipelineDefinition pipeline, String purpose) {
    /** What must be the same as when records were counted. */
    public static final String SETTINGS = "format, timestamp, filter, missing values, key, window, grace or aggregates";

    /**
     * Checks that a second reading can make the rows and find them.
     *
     * @return the pipeline's windows
     * @throws UsageException if it cannot; the message says why
     */
    public Windowing require() {
        if (!(pipeline.spec().window().kind() instanceof WindowKind.Aligned aligned)) {
            throw refused("the borders of its sessions or totals depend on the watermark at each record of a key");
        }
        requireRows();
        return aligned.windowing();
    }

    /**
     * Checks that a second reading can make the rows, whatever their windows, and find them.
     *
     * @throws UsageException if it cannot; the message says why
     */
    public void requireRows() {
        PipelineSpec spec = pipeline.spec();
        boolean overlap = spec.window().kind() instanceof WindowKind.Aligned aligned
                && aligned.windowing().overlaps();
        if (overlap && new Aggregates(spec.aggregates()).mayRefuse()) {
            throw refused("a function of yours may refuse records, and where windows overlap that depends on how the"
                    + " pipeline puts them together");
        }
        if (pipeline.shuffle() != null && spec.aggregates().stream().anyMatch(Aggregate::dependsOnOrder)) {
            throw refused("it has a shuffle and a function whose result depends on the order of records (first, last or"
                    + " collect), which is not in the logs");
        }
        for (int sink = 0; sink < pipeline.topics().sinks().size(); sink++) {
            boolean hasWindow = !(spec.window().kind() instanceof WindowKind.Totals);
            if (hasWindow && spec.encoders().get(sink).get().reader() == null) {
                throw refused("the rows in " + pipeline.topics().sinks().get(sink) + " do not say their window: "
                        + Setting.SINK_TEMPLATE + " needs {start} or {end}, with times that can be read back");
            }
        }
    }

    /** A row of that sink was written and not read back. */
    public UsageException unreadable(String sink) {
        return refused(
                "a row in " + sink + " does not say exactly which window it is of, because of its template, or of"
                        + " how its times are written");
    }

    /**
     * What is committed for a partition.
     *
     * @param where the partition in words
     * @throws LogException if it is not of the pipeline
     */
    public static CommitMetadata parsed(String where, CommittedOffset committed) {
        try {
            return CommitMetadata.parse(committed.metadata());
        } catch (IllegalArgumentException e) {
            throw new LogException("What is committed for " + where + " cannot be read: " + e.getMessage()
                    + ". Was the offset reset by hand?");
        }
    }

    /**
     * What is committed for a partition of which no record was lost after it was counted.
     *
     * @param where the partition in words
     * @throws LogException if it is not of the pipeline, or records were lost
     */
    public static CommitMetadata whole(String where, CommittedOffset committed) {
        CommitMetadata metadata = parsed(where, committed);
        if (metadata.lostFrom() != null) {
            throw new LogException("The source of " + where + " has lost records from offset " + metadata.lostFrom()
                    + " on that were counted, so they cannot be counted again");
        }
        return metadata;
    }

    /**
     * Checks that a partition of the source still has the offsets that were read.
     *
     * @param where the partition in words
     * @param held what it has, as looked at after what is committed
     * @throws LogException if it ends before them
     */
    public static void requireEnd(String where, OffsetRange held, CommitMetadata metadata) {
        if (held.to() < metadata.offset()) {
            throw new LogException(where + " ends at offset " + held.to() + ", but the pipeline has read up to "
                    + metadata.offset()
                    + ", so that it cannot be counted again. Was the topic made anew, or has it lost"
                    + " its end?");
        }
    }

    /** Whether records, and without a shuffle rows, mean by now what they meant when they were counted. */
    public boolean hasSameConfiguration(CommitMetadata metadata) {
        return pipeline.spec()
                        .fingerprint()
                        .replay()
                        .equals(metadata.fingerprint().replay())
                && (pipeline.shuffle() != null || hasSameRows(metadata));
    }

    private boolean hasSameRows(CommitMetadata metadata) {
        return pipeline.spec()
                .fingerprint()
                .structure()
                .equals(metadata.fingerprint().structure());
    }

    /**
     * Checks that rows mean by now what they meant when they were made.
     *
     * @param metadata of whatever makes rows: of a merge, or of a pipeline without a shuffle
     * @throws UsageException if they do not
     */
    public void requireSameRows(CommitMetadata metadata) {
        if (!hasSameRows(metadata)) {
            throw otherConfiguration();
        }
    }

    /**
     * Checks that records mean by now what they meant when they were counted.
     *
     * @throws UsageException if they do not
     */
    public void requireSameConfiguration(CommitMetadata metadata) {
        if (!hasSameConfiguration(metadata)) {
            throw otherConfiguration();
        }
    }

    private UsageException otherConfiguration() {
        return refused("what is committed was counted under another configuration of " + SETTINGS
                + " than this one. Use the configuration that the instances run with");
    }

    /** A refusal for that reason. */
    public UsageException refused(String reason) {
        return new UsageException("The pipeline " + pipeline.name() + " cannot be " + purpose + " exactly: " + reason);
    }
}
