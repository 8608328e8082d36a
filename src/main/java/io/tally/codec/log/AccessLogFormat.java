package io.tally.codec.log;

import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.SourceFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of an access log as Apache and nginx write it by default, in the common or the combined log format:
 *
 * <pre>
 * 192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a?b HTTP/1.1" 200 2326 "http://example.org/" "Mozilla/4.08"
 * host      ident user time                       request            status bytes referer           agent
 * </pre>
 *
 * <p>A request of three words is also {@code method}, {@code target} and {@code protocol}. Escapes in quotes
 * ({@code \"}, {@code \x22}) stay as they are written. What follows the last field is ignored. A user's name may have
 * blanks, but not begin with a hyphen and one: that is a line with the server's name in front.
 *
 * @param combined whether referer and agent follow
 */
public record AccessLogFormat(boolean combined) implements SourceFormat {
    static final List<String> COMMON = List.of("host", "ident", "user", "time", "request", "status", "bytes");
    static final List<String> REQUEST = List.of("method", "target", "protocol");
    static final List<String> COMBINED = List.of("referer", "agent");

    @Override
    public Collection<String> fieldNames() {
        List<String> names = new ArrayList<>(COMMON);
        names.addAll(REQUEST);
        if (combined) {
            names.addAll(COMBINED);
        }
        return names;
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        return new AccessLogReader(combined, needed);
    }

    @Override
    public boolean isText() {
        return true;
    }

    @Override
    public String timeFormat() {
        return "dd/MMM/yyyy:HH:mm:ss Z";
    }

    @Override
    public boolean writesHyphens() {
        return true;
    }

    /** A hyphen in place of the bytes says that none were sent. */
    @Override
    public @Nullable String ifMissing(String field) {
        return field.equals("bytes") ? "0" : null;
    }

    @Override
    public List<Fact> facts() {
        // Versions without the second value read lines with a server's name in front, as the lines of a user with a
        // blank.
        return List.of(new Fact("access-log", List.of(combined ? "combined" : "common", "of-one-server")));
    }
}
