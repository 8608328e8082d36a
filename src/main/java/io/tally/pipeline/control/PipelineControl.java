package io.tally.pipeline.control;

import java.util.List;

/**
 * What may be asked of one pipeline (or of one stage of a shuffle), as far as this instance has it. Each method asks
 * all lanes at once, waits for a few seconds at most, and gives one answer per lane; none while no lanes run. Safe from
 * any thread.
 */
public interface PipelineControl {
    /**
     * From now on this instance takes no records from the topic that the pipeline reads. A lane that answers has
     * committed what it had taken. It keeps its partitions, and what is due without records is done: rows that had no
     * room leave, updates leave, and checkpoints are written. A partition that joins later is held, too. It ends with
     * {@link #resume}, or with the process.
     */
    List<LaneReport> pause();

    /** Takes records again. */
    List<LaneReport> resume();

    /** Writes all that the state topic lacks, so that a recovery has nothing to replay. */
    List<LaneReport> checkpoint();

    /**
     * Sets watermarks back. All that is dirty is written, and committed together with the lower watermark; then the
     * partition is restored from that. What it does to rows is in the reports. Partitions for which it would be wrong
     * are refused.
     */
    List<LaneReport> setBack(WatermarkOrder order);

    /**
     * Looks a key up in the partitions of this instance, and asks the group who else may have it.
     *
     * @param key the group key in UTF-8; a key of several fields as rows have it
     */
    KeyReport key(byte[] key);
}
