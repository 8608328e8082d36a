/**
 * The port to the logs of topics, for code outside of a running pipeline. They are read by ranges of offsets without a
 * group, and written in transactions.
 */
@NullMarked
package io.tally.pipeline.log;

import org.jspecify.annotations.NullMarked;
