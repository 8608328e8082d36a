/**
 * Tells the user all problems of the configuration at once. Each {@link io.tally.config.problem.ConfigurationProblem}
 * has the property as the user spells it, its value and where that was set, what is wrong, and what would be right.
 *
 * <p>A bind handler finds problems of form: a value that cannot be converted, a duration without unit, an unknown
 * property. The readers find problems of meaning. Both end in one
 * {@link io.tally.config.problem.InvalidConfigurationException}, which a failure analyzer turns into Spring Boot's
 * start-up report, without a stack trace.
 */
@NullMarked
package io.tally.config.problem;

import org.jspecify.annotations.NullMarked;
