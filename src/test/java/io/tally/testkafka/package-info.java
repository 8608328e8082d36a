/** Brokers, pipelines, inputs and outcomes for tests on a real broker. */
@NullMarked
package io.tally.testkafka;

import org.jspecify.annotations.NullMarked;
