/**
 * The live page at {@code /}: what it shows is made once a second and is the same for all who look. It reads views,
 * changes nothing, and shows keys and values only where that is wanted.
 */
@NullMarked
package io.tally.page;

import org.jspecify.annotations.NullMarked;
