/** What tests of all packages do with Kafka. */
@NullMarked
package io.tally.testkafka;

import org.jspecify.annotations.NullMarked;
