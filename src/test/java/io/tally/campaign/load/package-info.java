/** What a campaign's pipelines read: drawn from a seed, so that errors cannot cancel out. */
@NullMarked
package io.tally.campaign.load;

import org.jspecify.annotations.NullMarked;
