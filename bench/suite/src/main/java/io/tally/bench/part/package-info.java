/** What is measured: the parts of the suite, each with its section of the report. */
package io.tally.bench.part;
