/**
 * Both stages of a shuffle against a Kafka in memory: {@link io.tally.simulation.shuffle.ShuffleSimulation} lives them,
 * {@link io.tally.simulation.shuffle.ShuffleRecount} says what must come of it.
 */
@NullMarked
package io.tally.simulation.shuffle;

import org.jspecify.annotations.NullMarked;
