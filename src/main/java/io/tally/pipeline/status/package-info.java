/**
 * What others may see of a pipeline, its lanes and its partitions: read views for metrics, health and the endpoint, and
 * what happens, as events.
 */
@NullMarked
package io.tally.pipeline.status;

import org.jspecify.annotations.NullMarked;
