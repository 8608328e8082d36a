/**
 * Rows of windows over one partition: the watermark, the late rule, the fold, the rows that leave when windows close,
 * and what a checkpoint must write. {@link io.tally.engine.Engines} makes the engine that a
 * {@link io.tally.window.WindowSpec} asks for. Reads no clock and does no I/O.
 */
@NullMarked
package io.tally.engine;

import org.jspecify.annotations.NullMarked;
