package io.tally.codec.framing;

import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Framing;
import io.tally.codec.SourceFormat;
import io.tally.codec.SourceLimits;
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
 * @param skip what is none
 * @param repairs whether what is not UTF-8 is replaced, rather than refused
 * @param limits how much a record may be
 */
public record FramedFormat(SourceFormat format, Split split, Skip skip, boolean repairs, SourceLimits limits)
        implements SourceFormat {
    /** A format with the default limits. */
    public FramedFormat(SourceFormat format, Split split, Skip skip, boolean repairs) {
        this(format, split, skip, repairs, SourceLimits.DEFAULT);
    }

    /** A format that skips and repairs nothing, with the default limits. */
    public FramedFormat(SourceFormat format, Split split) {
        this(format, split, Skip.NOTHING, false);
    }

    public FramedFormat {
        if (format.isText() && (split == Split.ARRAY || split == Split.VALUES)) {
            throw new IllegalArgumentException(
                    "split: " + label(split) + " is for JSON, and the source is text; for text lines");
        }
        if (format.hasHeaders() && split == Split.WHOLE) {
            throw new IllegalArgumentException(
                    "split: whole looks at the first line of a record alone, and any line may"
                            + " be a header, by which others are read; for example lines");
        }
    }

    @Override
    public @Nullable Framing newFraming() {
        Framing framing = switch (split) {
            case NONE, WHOLE -> null;
            case LINES -> new LineFraming(format.lineEnds());
            case ARRAY -> new JsonFraming(true);
            case VALUES -> new JsonFraming(false);
        };
        if (framing == null) {
            return null;
        }
        return new LimitedFraming(limits, repairs ? new RepairingFraming(framing) : framing);
    }

    @Override
    public Collection<String> fieldNames() {
        return format.fieldNames();
    }

    @Override
    public boolean declares(String field) {
        return format.declares(field);
    }

    @Override
    public boolean hasHeaders() {
        return format.hasHeaders();
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        boolean oneLine = split == Split.NONE && format.isText();
        if (oneLine && skip.isNothing()) {
            FieldReader reader = format.newOneLineReader(needed);
            if (reader != null) {
                return reader;
            }
        }
        FieldReader reader = format.newReader(needed);
        if (!skip.isNothing()) {
            reader = new SkippingReader(reader, skip);
        }
        return oneLine ? new OneLineReader(reader, format.lineEnds()) : reader;
    }

    @Override
    public boolean repairsText() {
        return repairs;
    }

    @Override
    public String timeFormat() {
        return format.timeFormat();
    }

    @Override
    public boolean writesHyphens() {
        return format.writesHyphens();
    }

    @Override
    public @Nullable String ifMissing(String field) {
        return format.ifMissing(field);
    }

    /** The behaviour of versions without the choice has no fact. */
    @Override
    public List<Fact> facts() {
        List<Fact> facts = new ArrayList<>(format.facts());
        if (split != Split.NONE) {
            facts.add(new Fact("split", List.of(label(split))));
        }
        if (!skip.isNothing()) {
            facts.add(new Fact("skip", skip.prefixes()));
            facts.add(new Fact("skip-pattern", skip.pattern() == null ? List.of() : List.of(skip.pattern())));
        }
        if (repairs) {
            facts.add(new Fact("invalid-utf8", List.of("replace")));
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
