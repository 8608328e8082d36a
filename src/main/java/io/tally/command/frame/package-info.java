/**
 * What all commands of the jar have in common: their arguments, what they are given, where their results go, and how
 * they end. It knows none of them.
 */
@NullMarked
package io.tally.command.frame;

import org.jspecify.annotations.NullMarked;
