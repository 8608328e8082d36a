/**
 * Whether what a campaign's round left behind is right. A second implementation of windows, in the simplest way: it
 * shares no code with the product and knows no Kafka.
 */
@NullMarked
package io.tally.campaign.check;

import org.jspecify.annotations.NullMarked;
