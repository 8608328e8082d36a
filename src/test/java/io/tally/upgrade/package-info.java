/** What other versions have written: each is restored, and goes on. */
@NullMarked
package io.tally.upgrade;

import org.jspecify.annotations.NullMarked;
