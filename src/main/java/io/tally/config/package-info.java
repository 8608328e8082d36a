/**
 * Configuration and wiring. {@link io.tally.config.property.TallyProperties} is what the user wrote.
 * {@link io.tally.config.PipelineDefinitions} is what it means, in the terms of the packages below. If something is
 * wrong, there is a list of all problems instead (see {@link io.tally.config.problem}).
 * {@link io.tally.config.client.PipelineClients} does the same for {@code spring.kafka.*}: these settings are
 * inherited, except for what exactly-once forces. Nothing below this package knows Spring Boot's configuration.
 */
@NullMarked
package io.tally.config;

import org.jspecify.annotations.NullMarked;
