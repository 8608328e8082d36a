/** What a lane owns: its partitions, each with its state and position, and the lane's health. */
@NullMarked
package io.tally.kafka.member;

import org.jspecify.annotations.NullMarked;
