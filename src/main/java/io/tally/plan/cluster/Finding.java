package io.tally.plan.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What a rule says of a cluster.
 *
 * @param what the subject in one or two words, as {@code cleanup.policy}
 * @param where the topic, partition, group or broker
 * @param text what was found, in sentences
 * @param fix what to do about it; null if there is nothing to do
 */
public record Finding(
        Severity severity,
        String what,
        String where,
        String text,
        @Nullable String fix) {
    /** How bad it is. */
    public enum Severity {
        /** As it should be, or good to know. */
        OK,
        /** It works, but something may be lost or stop later. */
        WARNING,
        /** The pipeline would not work. */
        ERROR
    }

    /** Nothing to do. */
    public static Finding ok(String what, String where, String text) {
        return new Finding(Severity.OK, what, where, text, null);
    }

    public static Finding warning(String what, String where, String text, String fix) {
        return new Finding(Severity.WARNING, what, where, text, fix);
    }

    public static Finding error(String what, String where, String text, String fix) {
        return new Finding(Severity.ERROR, what, where, text, fix);
    }

    /** The fix; "" if there is none. */
    public String remedy() {
        return fix == null ? "" : fix;
    }
}
