/**
 * What a pipeline needs of its cluster: facts about topics, groups and brokers, and the rules that both the start and
 * the command {@code check} go by. It knows no client of Kafka; rules are pure functions.
 */
@NullMarked
package io.tally.plan.cluster;

import org.jspecify.annotations.NullMarked;
