/**
 * One log, many histories: Tally and Kafka Streams count it again and again, while the same things happen to both.
 * {@link io.tally.duel.DuelIT} says how many different contents of the sink each of them makes.
 */
@NullMarked
package io.tally.duel;

import org.jspecify.annotations.NullMarked;
