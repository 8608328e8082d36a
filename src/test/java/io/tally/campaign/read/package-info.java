/** Reads with plain consumers what a pipeline wrote, while it does and afterwards. */
@NullMarked
package io.tally.campaign.read;

import org.jspecify.annotations.NullMarked;
