/**
 * What is durable, and its grammar: the metadata of a committed offset, the records of the state topic, the ledger.
 * Knows the JDK and the window engine only.
 */
@NullMarked
package io.tally.checkpoint;

import org.jspecify.annotations.NullMarked;
