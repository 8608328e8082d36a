/** The built-in functions whose results are exact. {@link io.tally.aggregate.exact.BuiltIn} makes them. */
@NullMarked
package io.tally.aggregate.exact;

import org.jspecify.annotations.NullMarked;
