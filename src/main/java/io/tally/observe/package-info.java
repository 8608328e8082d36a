/**
 * What people and machines see of the pipelines: metrics, health, the {@code tally} endpoint, the info page. Reads
 * views, changes nothing.
 */
@NullMarked
package io.tally.observe;

import org.jspecify.annotations.NullMarked;
