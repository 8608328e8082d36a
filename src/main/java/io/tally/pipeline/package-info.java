/**
 * One source partition as a use case: it classifies and folds records, hands outputs to the current transaction, and
 * says what to commit. Also the restore of a partition, or the refusal to restore it. It knows neither Spring nor Kafka
 * clients, which are behind its ports.
 */
@NullMarked
package io.tally.pipeline;

import org.jspecify.annotations.NullMarked;
