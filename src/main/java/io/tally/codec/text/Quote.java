package io.tally.codec.text;

import io.tally.codec.bytes.Excerpt;

/**
 * What a quote means in columns.
 *
 * @param character the quote: it encloses columns that hold separators, line ends or doubled quotes (RFC 4180), or is
 *     not expected
 * @param meaning what it means
 */
public record Quote(char character, Meaning meaning) {
    /** Columns are not quoted. A column that looks quoted makes its record malformed. The default. */
    public static final Quote UNEXPECTED = new Quote('"', Meaning.UNEXPECTED);
    /** Quotes are characters like others. */
    public static final Quote ORDINARY = new Quote('"', Meaning.ORDINARY);

    /** The word for {@link #ORDINARY}. */
    private static final String NONE = "none";

    /** What a quote at the border of a column means. */
    public enum Meaning {
        /** A mistake of the configuration. */
        UNEXPECTED,
        /** A character. */
        ORDINARY,
        /** The beginning or the end of a column that may hold separators. */
        ENCLOSING
    }

    public Quote {
        if (character >= 128 || character < ' ') {
            throw new IllegalArgumentException("quote must be one printable ASCII character or none, not "
                    + Excerpt.quote(String.valueOf(character)) + "; for example '\"'");
        }
    }

    /**
     * Reads the text of the configuration.
     *
     * @throws IllegalArgumentException if it is neither one character nor none
     */
    public static Quote of(String text) {
        if (text.equals(NONE)) {
            return ORDINARY;
        }
        if (text.length() != 1) {
            throw new IllegalArgumentException("quote must be one printable ASCII character or none, not "
                    + Excerpt.quote(text) + "; for example '\"'");
        }
        return new Quote(text.charAt(0), Meaning.ENCLOSING);
    }

    byte asByte() {
        return (byte) character;
    }

    boolean encloses() {
        return meaning == Meaning.ENCLOSING;
    }
}
