/** From records to events: which records hold one event, and how records with several are cut. */
@NullMarked
package io.tally.codec.framing;

import org.jspecify.annotations.NullMarked;
