/** What goes through a shuffle instead of records: rows of one batch, folded before they are sent. */
@NullMarked
package io.tally.engine.partial;

import org.jspecify.annotations.NullMarked;
