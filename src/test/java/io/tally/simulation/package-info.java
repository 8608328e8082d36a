/**
 * The core against a Kafka in memory, by seeded random runs.
 *
 * <p>Shared by all: {@link io.tally.simulation.SimulatedKafka} and {@link io.tally.simulation.StateLog} (the broker),
 * {@link io.tally.simulation.SimTransaction}, {@link io.tally.simulation.SimRules} with its windows, functions and
 * codec (the pipeline), {@link io.tally.simulation.Seeds}. {@link io.tally.simulation.Simulation} lives one partition
 * against {@link io.tally.simulation.NaiveModel}; {@link io.tally.simulation.ShuffleSimulation} lives both stages of a
 * shuffle against {@link io.tally.simulation.ShuffleRecount}.
 */
@NullMarked
package io.tally.simulation;

import org.jspecify.annotations.NullMarked;
