/**
 * What is to run: a pipeline, or a stage of one, with its topics, group, transactions and limits. The configuration
 * makes it and the runner takes it. It knows neither Spring nor a client of Kafka.
 */
@NullMarked
package io.tally.plan;

import org.jspecify.annotations.NullMarked;
