package io.tally.command.redrive;

import io.tally.command.recount.Coordinates;
import io.tally.command.recount.SideIndex.Position;
import java.util.List;

/**
 * A late record or dead letter that is to be counted.
 *
 * @param rows the rows that it belongs to
 */
record Item(Position position, Coordinates at, List<RowId> rows) {}
