/** Topics: whether they are as a pipeline needs them, those that it creates, and the cleaning of the shuffle topic. */
@NullMarked
package io.tally.kafka.topic;

import org.jspecify.annotations.NullMarked;
