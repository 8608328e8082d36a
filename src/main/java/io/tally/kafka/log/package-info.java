/** Reads logs with Kafka's clients. */
@NullMarked
package io.tally.kafka.log;

import org.jspecify.annotations.NullMarked;
