/**
 * What shall run: a pipeline or a stage of one with its topics, group, transactions and limits. Made of the
 * configuration, taken by the runner; knows neither Spring nor a client.
 */
@NullMarked
package io.tally.plan;

import org.jspecify.annotations.NullMarked;
