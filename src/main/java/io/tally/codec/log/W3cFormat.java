package io.tally.codec.log;

import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.SourceFormat;
import io.tally.codec.text.ColumnsFormat;
import java.util.Collection;
import java.util.List;

/**
 * A line of the W3C's extended log format, as IIS (blanks between the fields) and CloudFront (tabs) write it. Lines
 * that begin with {@code #} are no events. One of them, {@code #Fields:}, is the header: it says which fields the lines
 * behind it have, up to the next header of the partition.
 *
 * <p>A reader of a topic begins anywhere, so the header that a line goes by may stand far before. It is committed with
 * the offset, so that another owner, or a replay, reads on as the first reader did.
 *
 * @param names the fields of the lines before the first header, in their order; empty if these lines are rejected
 */
public record W3cFormat(List<String> names) implements SourceFormat {
    public W3cFormat {
        names = names.isEmpty() ? List.of() : new ColumnsFormat(names, ' ').names();
    }

    @Override
    public Collection<String> fieldNames() {
        return names;
    }

    /** Whether a field may be declared. Without names, only a header can tell. */
    @Override
    public boolean declares(String field) {
        return names.isEmpty() || names.contains(field);
    }

    @Override
    public boolean hasHeaders() {
        return true;
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        return new W3cReader(names, needed);
    }

    @Override
    public boolean isText() {
        return true;
    }

    @Override
    public String timeFormat() {
        return "yyyy-MM-dd HH:mm:ss";
    }

    @Override
    public boolean writesHyphens() {
        return true;
    }

    /** A version that did not go by headers had the fact "w3c". */
    @Override
    public List<Fact> facts() {
        return List.of(new Fact("w3c-by-header", names));
    }
}
