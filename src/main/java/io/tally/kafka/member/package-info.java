/** What a lane owns: its partitions, each with its memory of where it is, and how well it is. */
@NullMarked
package io.tally.kafka.member;

import org.jspecify.annotations.NullMarked;
