/**
 * What people and machines see of the pipelines: metrics, health, the {@code tally} endpoint, the info page. Reads
 * views; what an operator asks for goes through {@link io.tally.pipeline.control.PipelineControl}.
 */
@NullMarked
package io.tally.observe;

import org.jspecify.annotations.NullMarked;
