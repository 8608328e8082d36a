/** Who is measured: Tally in its packaged forms, and its peers. */
package io.tally.bench.contender;
