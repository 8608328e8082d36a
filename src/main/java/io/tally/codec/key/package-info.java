/**
 * Which group a record belongs to: the key's fields or the record's own key, the bytes that several of them make, and
 * the proof that the source is partitioned by what is grouped by.
 */
@NullMarked
package io.tally.codec.key;

import org.jspecify.annotations.NullMarked;
