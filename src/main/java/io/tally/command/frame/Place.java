package io.tally.command.frame;

import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A place in a log as a user names it: {@code beginning}, {@code end}, an offset, a time as ISO-8601, or how long ago:
 * {@code -1h}.
 *
 * @param offset null if it is named otherwise
 * @param time milliseconds since the epoch; null if it is named otherwise
 * @param isEnd whether it is the end, or the beginning if all else is null
 */
public record Place(@Nullable Long offset, @Nullable Long time, boolean isEnd) {
    /** Where logs begin. */
    public static final Place BEGINNING = new Place(null, null, false);

    /** Where logs end. */
    public static final Place END = new Place(null, null, true);

    /**
     * Reads the value of an option.
     *
     * @param now what time it is
     * @throws UsageException if it is nothing of the kind
     */
    public static Place parse(Arguments arguments, String option, Place otherwise, Instant now) {
        String text = arguments.text(option);
        if (text == null) {
            return otherwise;
        }
        if (text.equals("beginning")) {
            return BEGINNING;
        }
        if (text.equals("end")) {
            return END;
        }
        if (text.matches("\\d{1,18}")) {
            return new Place(Long.valueOf(text), null, false);
        }
        return new Place(null, time(option, text, now), false);
    }

    /**
     * Reads a time.
     *
     * @param text ISO-8601 with an offset, a date for its beginning in UTC, or how long ago, as {@code -90m}
     * @throws UsageException if it is none
     */
    public static long time(String option, String text, Instant now) {
        try {
            if (text.startsWith("-")) {
                Duration ago = Arguments.duration(text.substring(1));
                if (ago.isNegative()) {
                    throw new IllegalArgumentException("it is ahead");
                }
                return now.minus(ago).toEpochMilli();
            }
            if (text.length() == "2026-01-01".length()) {
                return LocalDate.parse(text)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli();
            }
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new UsageException("--" + option + " is '" + text + "', which is no time. For example"
                    + " 2026-01-31T12:00:00Z, 2026-01-31 (its beginning in UTC), or -1h for an hour ago");
        }
    }

    /** Whether another place of the same kind is this one, or before it. */
    public boolean isNotBefore(Place other) {
        return (offset != null && other.offset != null && offset >= other.offset)
                || (time != null && other.time != null && time >= other.time);
    }

    /** The offset in a partition: within what it holds. */
    public long in(LogReader log, String topic, int partition, OffsetRange held) {
        if (offset != null) {
            return Math.max(held.from(), Math.min(held.to(), offset));
        }
        if (time != null) {
            return Math.max(held.from(), log.offsetAt(topic, partition, time));
        }
        return isEnd ? held.to() : held.from();
    }
}
