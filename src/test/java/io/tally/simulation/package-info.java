/**
 * The core against a Kafka in memory, by seeded random runs.
 *
 * <p>{@link io.tally.simulation.SimulatedKafka} and {@link io.tally.simulation.StateLog} are the broker,
 * {@link io.tally.simulation.SimRules} with its windows, functions and codec the pipeline.
 * {@link io.tally.simulation.Simulation} lives one partition against {@link io.tally.simulation.NaiveModel}. A shuffle
 * has a package of its own.
 */
@NullMarked
package io.tally.simulation;

import org.jspecify.annotations.NullMarked;
