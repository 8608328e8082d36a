/**
 * What the state of windows takes of the heap: sizes of objects, an account for each partition, a budget for each
 * pipeline, and the limits beyond which a partition stops with an explanation, before the heap is full. Knows the JDK
 * only.
 */
@NullMarked
package io.tally.heap;

import org.jspecify.annotations.NullMarked;
