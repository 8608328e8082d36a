package io.tally.pipeline.partition;

import io.tally.checkpoint.BirthMarker;
import org.jspecify.annotations.Nullable;

/**
 * What a state partition holds, in numbers.
 *
 * @param birth null if it holds none
 * @param entries number of live entries
 * @param holdsMore whether there is something beside entries and birth marker
 */
record StoredState(@Nullable BirthMarker birth, long entries, boolean holdsMore) {}
