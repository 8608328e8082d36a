/**
 * A fault campaign: the packaged application on real brokers, whatever befalls them, and a recount of what it wrote.
 */
@NullMarked
package io.tally.campaign;

import org.jspecify.annotations.NullMarked;
