package io.tally.codec.sink;

import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;

/**
 * What a row has beside its key and values. The pipeline's windows decide that.
 *
 * @param windowed whether it belongs to a window with start and end; running totals do not
 * @param revised whether there may be several rows of a window and key, told apart by revisions
 * @param endNeeded whether several windows of a key may have the same start, so that only the end tells them apart
 * @param replacing whether it may replace rows of other windows of the key, as with sessions that grow
 */
public record RowShape(boolean windowed, boolean revised, boolean endNeeded, boolean replacing) {
    /** One row for each window and key. */
    public static final RowShape PLAIN = new RowShape(true, false, false, false);
    /** Everything that a row can have. */
    public static final RowShape FULL = new RowShape(true, true, true, true);

    public static RowShape of(WindowSpec window) {
        boolean revised = window.hasRevisions();
        return new RowShape(
                !(window.kind() instanceof WindowKind.Totals),
                revised,
                window.mayBeginTogether(),
                revised && window.kind() instanceof WindowKind.Sessions);
    }
}
