/** Brokers and instances as processes, and what lies between them. */
@NullMarked
package io.tally.campaign.cluster;

import org.jspecify.annotations.NullMarked;
