/**
 * What others may see of a pipeline, its lanes and its partitions: read views for metrics, health and the endpoint, and
 * events.
 */
@NullMarked
package io.tally.pipeline.status;

import org.jspecify.annotations.NullMarked;
