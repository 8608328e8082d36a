package io.tally.codec.decode;

import io.tally.codec.FieldNames;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.Excerpt;
import io.tally.codec.time.AmbiguousTime;
import io.tally.codec.time.AmbiguousTimes;
import io.tally.codec.time.LikelyFormat;
import io.tally.codec.time.TimestampParser;
import io.tally.codec.time.TimestampSpec;
import io.tally.setting.Setting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The event time of a record, from a field or from the broker, within the bounds of a {@link TimestampSpec}. */
final class EventTime {
    private static final int MAX_PART = 1000;

    private final String format;
    private final long floor;
    private final long maxAhead;
    private final int slot;
    private final int[] further;
    private final ByteOutput joined = new ByteOutput();
    /** Null for the record timestamp. */
    private final @Nullable TimestampParser parser;

    private final AmbiguousTimes ambiguous;
    private final boolean byOrder;
    /** The greatest time that a clock allows, or {@link DecodingHistory.BY_ITSELF}. */
    private long latest = DecodingHistory.BY_ITSELF;

    private long lastByClock = -1;

    EventTime(TimestampSpec spec, FieldNames fields) {
        format = spec.format();
        floor = spec.floor().toEpochMilli();
        maxAhead = spec.maxAhead().toMillis();
        slot = spec.field() == null ? FieldNames.NONE : fields.slot(spec.field(), Setting.TIMESTAMP_FIELD);
        further = spec.further().stream()
                .mapToInt(name -> fields.slot(name, Setting.TIMESTAMP_FIELDS))
                .toArray();
        ambiguous = new AmbiguousTimes(spec.ambiguousTime());
        byOrder = spec.ambiguousTime() == AmbiguousTime.IN_ORDER && spec.mayBeAmbiguous();
        parser = spec.field() == null ? null : TimestampParser.create(spec.format(), spec.zone(), ambiguous);
    }

    long read(SourceRecord record, Fields fields) {
        long recordTime = record.timestamp();
        long time = parser == null ? brokerTime(recordTime) : fieldTime(parser, fields);
        if (time < floor || time > TimestampSpec.MAX_TIME || isTooFarAhead(record, time, recordTime)) {
            throw outOfRange(time, recordTime, parser == null ? inAnotherUnit(time) : inAnotherFormat(fields));
        }
        return time;
    }

    /** A producer's clock is no measure of times that it may have made itself. */
    private boolean isTooFarAhead(SourceRecord record, long time, long recordTime) {
        boolean byItself = recordTime >= 0 && time - maxAhead > recordTime;
        if (latest == DecodingHistory.BY_ITSELF || (time > latest) == byItself || record.hasAppendTime()) {
            return byItself;
        }
        lastByClock = record.offset();
        return !byItself;
    }

    long maxAhead() {
        return maxAhead;
    }

    void believeUpTo(long time) {
        latest = time;
    }

    long lastByClock() {
        return lastByClock;
    }

    /** Notes the time of a record that is not a dead letter. */
    void seen(long time) {
        ambiguous.seen(time);
    }

    /** From now on this is the greatest time seen. */
    void resumeAfter(long time) {
        ambiguous.resumeAfter(time);
    }

    /** The greatest time seen, if the times of later records depend on it; null if each record is read by itself. */
    @Nullable
    Long latest() {
        return byOrder ? ambiguous.latest() : null;
    }

    private static long brokerTime(long recordTime) {
        if (recordTime < 0) {
            throw new RejectedException(
                    Reason.BAD_TIMESTAMP, "the record has no timestamp, which is to be its event time");
        }
        return recordTime;
    }

    /** The texts of several fields with blanks between them. */
    private long joinedTime(TimestampParser parser, Fields fields) {
        joined.reset();
        joined.write(fields.buffer(), fields.start(slot), bounded(slot, fields));
        for (int next : further) {
            joined.write(' ');
            joined.write(fields.buffer(), fields.start(next), bounded(next, fields));
        }
        long time = parser.parse(joined.buffer(), 0, joined.size());
        if (time == TimestampParser.INVALID) {
            throw new RejectedException(
                    Reason.BAD_TIMESTAMP,
                    "the fields of the time hold " + Excerpt.quote(joined.buffer(), 0, joined.size())
                            + ", which is not a valid time of the form " + format
                            + inAnotherFormat(fields));
        }
        return time;
    }

    private static int bounded(int slot, Fields fields) {
        int length = fields.length(slot);
        if (length > MAX_PART) {
            throw new RejectedException(
                    Reason.BAD_TIMESTAMP,
                    "field '" + fields.name(slot) + "' has " + length + " bytes, too many for a part of a time");
        }
        return length;
    }

    private long fieldTime(TimestampParser parser, Fields fields) {
        if (further.length > 0) {
            return joinedTime(parser, fields);
        }
        int length = fields.length(slot);
        long time = parser.parse(fields.buffer(), fields.start(slot), length);
        if (time == TimestampParser.INVALID) {
            throw new RejectedException(
                    Reason.BAD_TIMESTAMP,
                    "field '" + fields.name(slot) + "' holds " + fields.quote(slot) + ", which is not a valid time of"
                            + " the form " + format
                            + inAnotherFormat(fields));
        }
        return time;
    }

    /** The most frequent mistake is another unit of a number. Empty if no format gives a likely time. */
    private String inAnotherFormat(Fields fields) {
        String meant = further.length > 0
                ? LikelyFormat.besides(format, joined.buffer(), 0, joined.size(), floor)
                : LikelyFormat.besides(format, fields.buffer(), fields.start(slot), fields.length(slot), floor);
        return meant.isEmpty() ? "" : "; as " + meant + ": set " + Setting.TIMESTAMP_FORMAT;
    }

    private String inAnotherUnit(long recordTime) {
        byte[] number = Long.toString(recordTime).getBytes(StandardCharsets.US_ASCII);
        String meant = LikelyFormat.besides("epoch-millis", number, 0, number.length, floor);
        return meant.isEmpty() ? "" : "; as " + meant + ": record timestamps have to be in milliseconds";
    }

    private RejectedException outOfRange(long time, long recordTime, String meant) {
        String detail;
        if (time < floor) {
            detail = "is before " + Setting.TIMESTAMP_FLOOR + " " + instant(floor);
        } else if (time > TimestampSpec.MAX_TIME) {
            detail = "is after the year 9999";
        } else {
            detail = "is more than " + Setting.TIMESTAMP_MAX_AHEAD + " " + Duration.ofMillis(maxAhead) + " ahead of "
                    + (recordTime >= 0 && time - maxAhead > recordTime
                            ? "the record timestamp " + instant(recordTime)
                            : "the clock when it was read");
        }
        return new RejectedException(
                Reason.TIMESTAMP_OUT_OF_RANGE, "event time " + instant(time) + " " + detail + meant);
    }

    private static String instant(long time) {
        return Instant.ofEpochMilli(time).toString();
    }
}
