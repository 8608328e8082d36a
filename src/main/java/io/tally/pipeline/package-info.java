/**
 * One source partition as a use case: classify and fold records, hand outputs to the current transaction, say what to
 * commit; and the restore of a partition, or the refusal to. Free of Spring and of Kafka clients, which implement its
 * ports.
 */
@NullMarked
package io.tally.pipeline;

import org.jspecify.annotations.NullMarked;
