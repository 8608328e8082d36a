package io.tally.codec.framing;

import io.tally.codec.BoundedRegex;
import io.tally.codec.bytes.Excerpt;
import io.tally.setting.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which texts are no events, such as comments and headers.
 *
 * @param prefixes those that begin with one of these
 * @param pattern those that this regular expression matches at their beginning; null for none
 */
public record Skip(List<String> prefixes, @Nullable String pattern) {
    /** All are events. */
    public static final Skip NOTHING = new Skip(List.of(), null);

    public Skip {
        prefixes = List.copyOf(prefixes);
        for (String prefix : prefixes) {
            if (prefix.isEmpty()) {
                throw new IllegalArgumentException(Setting.SOURCE_SKIP_PREFIXES
                        + " has an empty one, with which every record begins; for example " + Excerpt.quote("#"));
            }
        }
        if (pattern != null) {
            BoundedRegex.check(pattern, Setting.SOURCE_SKIP_PATTERN.toString());
        }
    }

    boolean isNothing() {
        return prefixes.isEmpty() && pattern == null;
    }
}
