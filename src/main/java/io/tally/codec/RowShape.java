package io.tally.codec;

/**
 * What a row has beside its key and values, which follows from the pipeline's windows.
 *
 * @param windowed whether it belongs to a window with start and end; running totals do not
 * @param revised whether there may be several rows of a window and key, told apart by revisions
 */
public record RowShape(boolean windowed, boolean revised) {
    /** One row for each window and key. */
    public static final RowShape PLAIN = new RowShape(true, false);
}
