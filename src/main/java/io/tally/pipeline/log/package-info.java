/**
 * The port to the logs of topics, for whoever looks at them from outside of a running pipeline. It reads ranges of
 * offsets, joins no group and writes nothing.
 */
@NullMarked
package io.tally.pipeline.log;

import org.jspecify.annotations.NullMarked;
