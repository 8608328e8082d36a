/**
 * The edge to Kafka: lanes (a Spring Kafka container each, with a transactional producer), restores, the transactions
 * of dead predecessors, topic checks. The only package that knows Kafka clients and Spring Kafka.
 */
@NullMarked
package io.tally.kafka;

import org.jspecify.annotations.NullMarked;
