package io.tally.codec.log;

import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceFormat;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;
import io.tally.codec.text.ColumnsFormat;
import io.tally.setting.Setting;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * A line of the W3C's extended log format, as IIS (blanks between the fields) and CloudFront (tabs) write it. Lines
 * that begin with {@code #} are no events.
 *
 * <p>A reader of a topic begins anywhere, so the fields come from the configuration, not from a header line that may
 * stand far before. A header line, {@code #Fields:}, is only checked: one that names other fields is rejected, and so
 * is a line that has more or fewer.
 *
 * @param names all fields of a line, in their order
 */
public record W3cFormat(List<String> names) implements SourceFormat {
    private static final byte[] HEADER = "#Fields:".getBytes(StandardCharsets.US_ASCII);

    public W3cFormat {
        names = new ColumnsFormat(names, ' ').names();
    }

    @Override
    public Collection<String> fieldNames() {
        return names;
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        return new W3cReader(this, needed);
    }

    @Override
    public boolean isText() {
        return true;
    }

    /** A line that is a header must be the one that is declared. */
    @Override
    public void checkLine(byte[] bytes, int start, int length) {
        if (length < HEADER.length || !ByteScan.equal(bytes, start, HEADER, 0, HEADER.length)) {
            return;
        }
        String header = new String(bytes, start + HEADER.length, length - HEADER.length, StandardCharsets.ISO_8859_1);
        if (!List.of(header.strip().split("\\s+")).equals(names)) {
            throw new RejectedException(
                    Reason.MALFORMED,
                    "a header names other fields than " + Setting.SOURCE_COLUMNS + ": "
                            + Excerpt.quote(bytes, start, length));
        }
    }

    @Override
    public String timeFormat() {
        return "yyyy-MM-dd HH:mm:ss";
    }

    @Override
    public boolean writesHyphens() {
        return true;
    }

    @Override
    public List<Fact> facts() {
        return List.of(new Fact("w3c", names));
    }
}
