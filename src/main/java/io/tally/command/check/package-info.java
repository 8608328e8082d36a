/** The command {@code check}: rules over facts about a cluster, and a list of what they find. */
@NullMarked
package io.tally.command.check;

import org.jspecify.annotations.NullMarked;
