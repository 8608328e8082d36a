package io.tally.pipeline.control;

import org.jspecify.annotations.Nullable;

/** Says which records made a row, by reading the topics. Safe from any thread; one question at a time is answered. */
public interface RowExplanations {
    /**
     * Explains a row. Waits for a few seconds at most.
     *
     * @param pipeline without a stage: all of a pipeline with a shuffle is looked at
     * @param key the group key in UTF-8, as rows have it
     * @param window when the window begins, as ISO-8601
     * @param end when it ends; null if the beginning says which window it is
     * @return null if there is no such pipeline here
     */
    @Nullable
    RowExplanation explain(String pipeline, String key, String window, @Nullable String end);
}
