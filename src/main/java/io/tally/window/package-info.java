/** Where windows begin and end, and when their rows leave; nothing else. Knows the JDK only. */
@NullMarked
package io.tally.window;

import org.jspecify.annotations.NullMarked;
