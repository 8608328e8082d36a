/**
 * What Kafka's clients need around them: their settings, their metrics, answers waited for with a limit, failures in
 * words.
 */
@NullMarked
package io.tally.kafka.client;

import org.jspecify.annotations.NullMarked;
