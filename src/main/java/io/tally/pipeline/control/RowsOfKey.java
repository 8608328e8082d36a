package io.tally.pipeline.control;

import java.util.List;

/**
 * The rows of one key in one partition.
 *
 * @param rows the oldest windows first
 * @param hasMore whether there are more
 */
public record RowsOfKey(List<KeyRow> rows, boolean hasMore) {
    public RowsOfKey {
        rows = List.copyOf(rows);
    }
}
