package io.tally.command.audit;

import org.jspecify.annotations.Nullable;

/**
 * Something that differs from the second reading.
 *
 * @param where coordinates in the topics that are concerned
 * @param text what is wrong, without what records hold
 * @param data the key and both values, for people who may see them; null if there is nothing to show
 */
record Difference(
        Kind kind, String where, String text, @Nullable String data) {
    /** The kinds; their names are part of the output for programs. */
    enum Kind {
        MISSING_ROW("rows that are missing"),
        DOUBLE_ROW("rows that are there more than once"),
        WRONG_ROW("rows with other results"),
        UNEXPECTED_ROW("rows that the source does not give"),
        MISPLACED_ROW("rows that come before the row that they follow"),
        UNREADABLE_ROW("records in the sink that are no rows"),
        MISSING_LATE("late records that are missing"),
        DOUBLE_LATE("late records that are there more than once"),
        WRONG_LATE("late records with other contents"),
        UNEXPECTED_LATE("late records that were not late"),
        MISSING_DEAD_LETTER("dead letters that are missing"),
        DOUBLE_DEAD_LETTER("dead letters that are there more than once"),
        WRONG_DEAD_LETTER("dead letters with other contents"),
        UNEXPECTED_DEAD_LETTER("dead letters of sound records"),
        LEDGER("totals in the ledger that are not those of the recount");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The kind in words that can follow a number. */
        String text() {
            return text;
        }
    }
}
