package io.tally.codec.framing;

import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Framing;
import io.tally.codec.SourceFormat;
import io.tally.codec.json.JsonFraming;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A format for events that are cut out of records.
 *
 * @param format how an event is read
 * @param split what is an event
 */
public record FramedFormat(SourceFormat format, Split split) implements SourceFormat {
    public FramedFormat {
        if (format.isText() && (split == Split.ARRAY || split == Split.VALUES)) {
            throw new IllegalArgumentException(
                    "split: " + label(split) + " is for JSON, and the source is text; for text lines");
        }
    }

    @Override
    public @Nullable Framing newFraming() {
        return switch (split) {
            case NONE, WHOLE -> null;
            case LINES -> new LineFraming(format.lineEnds());
            case ARRAY -> new JsonFraming(true);
            case VALUES -> new JsonFraming(false);
        };
    }

    @Override
    public Collection<String> fieldNames() {
        return format.fieldNames();
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        FieldReader reader = format.newReader(needed);
        return split == Split.NONE && format.isText() ? new OneLineReader(reader, format.lineEnds()) : reader;
    }

    /** The behaviour of versions without the choice has no fact. */
    @Override
    public List<Fact> facts() {
        List<Fact> facts = new ArrayList<>(format.facts());
        if (split != Split.NONE) {
            facts.add(new Fact("split", List.of(label(split))));
        }
        return facts;
    }

    @Override
    public void requireReadable(String timeFormat, String sample) {
        format.requireReadable(timeFormat, sample);
    }

    private static String label(Split split) {
        return split.name().toLowerCase(Locale.ROOT);
    }
}
