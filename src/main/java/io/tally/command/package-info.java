/**
 * The commands of the jar: what runs in place of the service if the first argument is a command's name. Each command
 * has a package of its own, and {@code frame} has what all of them need.
 */
@NullMarked
package io.tally.command;

import org.jspecify.annotations.NullMarked;
