/** The benchmark suite: which parts there are, and their report. */
package io.tally.bench;
