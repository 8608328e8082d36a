package io.tally.codec;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the fields of a source record's value are found. Texts are UTF-8. A format says everything that others must know
 * about it. So a new format is a class beside its reader, and changes nothing else here.
 */
public interface SourceFormat {
    /** The names of all fields that the configuration declares. */
    Collection<String> fieldNames();

    /** Whether a field may be asked for. */
    default boolean declares(String field) {
        return fieldNames().contains(field);
    }

    /** Whether a line may say how those behind it are read. */
    default boolean hasHeaders() {
        return false;
    }

    /**
     * A reader for one lane.
     *
     * @param needed the fields that anything needs; all of them are declared
     */
    FieldReader newReader(FieldNames needed);

    /**
     * A reader that refuses values of several lines while it reads them.
     *
     * @return null if somebody else has to look for further lines first
     */
    default @Nullable FieldReader newOneLineReader(FieldNames needed) {
        return null;
    }

    /** Finds the events in a record, for one lane; null if a record is one event. */
    default @Nullable Framing newFraming() {
        return null;
    }

    /** How much a record may be. */
    default SourceLimits limits() {
        return SourceLimits.DEFAULT;
    }

    /** Everything that decides which value a field has, in an order that depends on nothing else. */
    List<Fact> facts();

    /** Whether an event is a line of text. */
    default boolean isText() {
        return false;
    }

    /** Whether bytes that are not UTF-8 are replaced before anything is read. */
    default boolean repairsText() {
        return false;
    }

    /** How times of the format are written, as {@link io.tally.codec.time.TimestampSpec} has it. */
    default String timeFormat() {
        return "iso";
    }

    /** Whether a hyphen stands for a value that is missing, whatever the field is. */
    default boolean writesHyphens() {
        return false;
    }

    /** What a value that is missing in a field means in this format; null: nothing, functions pass over it. */
    default @Nullable String ifMissing(String field) {
        return null;
    }

    /** Where lines of the format end. */
    default LineEnds lineEnds() {
        return LineEnds.LINE_FEEDS;
    }

    /**
     * Checks that a field can hold times of a format.
     *
     * @param timeFormat the format, as the configuration has it
     * @param sample a time as the format writes it
     * @throws IllegalArgumentException if a field can never hold it
     */
    default void requireReadable(String timeFormat, String sample) {}

    /**
     * Checks the name of a field.
     *
     * @param property the property that has the name
     * @throws IllegalArgumentException if a template could not use it
     */
    static void requireName(String name, String property) {
        if (name.isBlank() || name.indexOf('{') >= 0 || name.indexOf('}') >= 0) {
            throw new IllegalArgumentException(property + " holds the name '" + name
                    + "'; a field name is not blank and has no braces, for example ip");
        }
    }
}
