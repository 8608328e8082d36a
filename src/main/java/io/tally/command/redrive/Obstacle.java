package io.tally.command.redrive;

import org.jspecify.annotations.Nullable;

/**
 * Why a late record or dead letter is not counted now.
 *
 * @param why in words
 * @param data the rows that differ, for who may see them; "" if there are none
 */
record Obstacle(Kind kind, String why, String data) {
    /** What kinds there are. */
    enum Kind {
        /** The record still cannot be read. */
        UNREADABLE("--skip-unreadable"),
        /** A row that it belongs to cannot be corrected exactly. */
        REFUSED("--skip-refused"),
        /** A window that it belongs to has not closed, or still takes records: later it can be counted. */
        OPEN(null);

        /** The option that passes it; null if one must wait. */
        final @Nullable String option;

        Kind(@Nullable String option) {
            this.option = option;
        }
    }

    static Obstacle unreadable(String why) {
        return new Obstacle(Kind.UNREADABLE, why, "");
    }

    static Obstacle refused(String why) {
        return new Obstacle(Kind.REFUSED, why, "");
    }
}
