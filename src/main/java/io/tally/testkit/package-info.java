/**
 * Checks for aggregate functions, those that come with Tally and those of users; needs no test framework. See
 * {@link io.tally.testkit.AggregateLaws}.
 */
@NullMarked
package io.tally.testkit;

import org.jspecify.annotations.NullMarked;
