/**
 * Telling the user what is wrong with the configuration: all of it at once, each
 * {@link io.tally.config.problem.ConfigurationProblem} with the property as the user spells it, its value and where
 * that was set, what is wrong, and how it would be right.
 *
 * <p>Problems of binding (a value of the wrong form, a duration without unit, an unknown property) are found by a bind
 * handler, problems of meaning by whoever gives the values their meaning; both end in one
 * {@link io.tally.config.problem.InvalidConfigurationException}, which a failure analyzer turns into Spring Boot's
 * start-up report, without a stack trace.
 */
@NullMarked
package io.tally.config.problem;

import org.jspecify.annotations.NullMarked;
