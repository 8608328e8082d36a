package io.tally.campaign.check;

import org.jspecify.annotations.Nullable;

/**
 * A committed offset, as the group's log has it.
 *
 * @param metadata the text that was committed with it
 */
public record Commit(int partition, long offset, String metadata) {
    /** The value of a field of the metadata, null if it is not there. */
    @Nullable
    String field(String name) {
        for (String word : metadata.split(" ")) {
            if (word.startsWith(name + "=")) {
                return word.substring(name.length() + 1);
            }
        }
        return null;
    }
}
