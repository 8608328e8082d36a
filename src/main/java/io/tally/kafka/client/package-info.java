/** Helpers for Kafka's clients: their settings, their metrics, waiting for answers with a limit, failures in words. */
@NullMarked
package io.tally.kafka.client;

import org.jspecify.annotations.NullMarked;
