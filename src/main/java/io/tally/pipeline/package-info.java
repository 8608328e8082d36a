/**
 * What one partition needs, and what it says: the pipeline's specification, the source partition, the
 * {@link io.tally.pipeline.Outbox} that takes what comes out, and the refusal to go on. The work is in the package
 * {@link io.tally.pipeline.partition}. None of it knows Spring or Kafka clients, which are behind the ports.
 */
@NullMarked
package io.tally.pipeline;

import org.jspecify.annotations.NullMarked;
