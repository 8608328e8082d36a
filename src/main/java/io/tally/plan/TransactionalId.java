package io.tally.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the transactional id of a lane says: {@code GROUP:INSTANCE:LANE}.
 *
 * @param instance has no colon
 */
public record TransactionalId(String group, String instance, int lane) {
    private static final String COLON = ":";

    /** The beginning of all ids of a group. No other group's ids begin with it, since an instance id has no colon. */
    static String family(String group) {
        return group + COLON;
    }

    /** Reads one; null if it is of another group or form. */
    public static @Nullable TransactionalId parse(String group, String id) {
        Matcher parts = Pattern.compile(Pattern.quote(family(group)) + "([^:]+):(\\d{1,9})")
                .matcher(id);
        return parts.matches() ? new TransactionalId(group, parts.group(1), Integer.parseInt(parts.group(2))) : null;
    }

    @Override
    public String toString() {
        return family(group) + instance + COLON + lane;
    }
}
