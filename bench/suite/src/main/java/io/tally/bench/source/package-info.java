/** What is read and written: sources with a known outcome, and readers of sinks. */
package io.tally.bench.source;
