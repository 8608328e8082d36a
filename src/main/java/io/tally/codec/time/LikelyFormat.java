package io.tally.codec.time;

import java.time.Instant;
import java.time.ZoneOffset;

/** What a time was probably meant to be that is none by its format: advice for those who configure, nothing else. */
public final class LikelyFormat {
    /** No likely event time is later: the year 2100. */
    private static final long LATEST = 4_102_444_800_000L;

    private LikelyFormat() {}

    /**
     * Another format that reads a text as a likely time, and as which: {@code epoch-seconds it would be
     * 2026-03-01T10:00:00Z}. Empty if there is none.
     *
     * @param format the format by which it is no time, or no likely one
     * @param floor the first likely time
     */
    public static String besides(String format, byte[] bytes, int start, int length, long floor) {
        for (String other :
                new String[] {TimestampParser.ISO, "epoch-seconds", "epoch-millis", "epoch-micros", "epoch-nanos"}) {
            long time = other.equals(format)
                    ? TimestampParser.INVALID
                    : TimestampParser.create(other, ZoneOffset.UTC, new AmbiguousTimes(AmbiguousTime.EARLIER))
                            .parse(bytes, start, length);
            if (time >= floor && time < LATEST) {
                return other + " it would be " + Instant.ofEpochMilli(time);
            }
        }
        return "";
    }
}
