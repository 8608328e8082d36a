/**
 * The settings of Kafka's clients: what the user wrote, what Tally forces, whether the two agree, and who this process
 * is.
 */
@NullMarked
package io.tally.config.client;

import org.jspecify.annotations.NullMarked;
