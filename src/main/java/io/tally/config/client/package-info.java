/**
 * The settings of Kafka's clients: what the user wrote, what Tally forces, whether the two agree, and the identity of
 * this process.
 */
@NullMarked
package io.tally.config.client;

import org.jspecify.annotations.NullMarked;
