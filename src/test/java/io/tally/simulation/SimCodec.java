package io.tally.simulation;

import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.codec.Framing;
import io.tally.codec.Rejection;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.EngineView;
import io.tally.engine.WindowResult;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code time|tag|power|amount|label} and writes rows a person can read. Like the real decoder it hands out
 * ranges of one buffer, which the next record overwrites. So it shows if anybody keeps one.
 */
public final class SimCodec implements RecordDecoder, ResultEncoder {
    static final int POWER = 0;
    static final int AMOUNT = 1;
    static final int LABEL = 2;
    static final int FIELDS = 3;

    private final SimRules rules;
    private byte[] buffer = new byte[64];
    private @Nullable Rejection rejection;
    private long latestTime = Long.MIN_VALUE;

    SimCodec(SimRules rules) {
        this.rules = rules;
    }

    @Override
    public Verdict decode(SourceRecord record, Event event) {
        ByteRange recordKey = record.key();
        ByteRange value = record.value();
        String[] columns =
                value == null ? new String[0] : new String(value.copy(), StandardCharsets.UTF_8).split("\\|", -1);
        if (columns.length == 6 && rules.split()) {
            recordKey = ByteRange.of(HexFormat.of().parseHex(columns[5]));
        } else if (recordKey == null || columns.length != 5) {
            rejection = new Rejection(Reason.MALFORMED, "five columns and a key are needed");
            return Verdict.REJECTED;
        }
        rejection = null;
        long time = time(columns[0]);
        event.time(time);
        latestTime = Math.max(latestTime, time);
        if (Integer.parseInt(columns[1]) < rules.filterBelow()) {
            return Verdict.FILTERED;
        }
        byte[] key = recordKey.copy();
        byte[] label = columns[4].getBytes(StandardCharsets.UTF_8);
        int start = (int) (record.offset() % 11);
        if (buffer.length < start + key.length + label.length) {
            buffer = new byte[2 * (start + key.length + label.length)];
        }
        System.arraycopy(key, 0, buffer, start, key.length);
        System.arraycopy(label, 0, buffer, start + key.length, label.length);
        event.key(buffer, start, key.length);
        number(event.field(POWER), new BigDecimal(columns[2]));
        boolean amountMissing = columns[3].equals(SimRecord.NONE);
        if (amountMissing) {
            event.field(AMOUNT).missing();
        } else {
            number(event.field(AMOUNT), new BigDecimal(columns[3]));
        }
        boolean labelMissing = columns[4].equals(SimRecord.NONE);
        if (labelMissing) {
            event.field(LABEL).missing();
        } else {
            event.field(LABEL).text(buffer, start + key.length, label.length);
        }
        event.missingValues((amountMissing ? 1 : 0) + (labelMissing ? 1 : 0));
        return Verdict.ACCEPTED;
    }

    /** {@code ~} and a time is that time or one a clock change later, whichever is nearer to the latest so far. */
    private long time(String text) {
        if (!text.startsWith("~")) {
            return Long.parseLong(text);
        }
        long earlier = Long.parseLong(text.substring(1));
        return isLater(earlier, latestTime, rules.clockChange()) ? earlier + rules.clockChange() : earlier;
    }

    static boolean isLater(long earlier, long latestTime, long clockChange) {
        return latestTime > earlier + clockChange / 2;
    }

    @Override
    public @Nullable Framing framing() {
        return rules.split() ? SimParts.FRAMING : null;
    }

    @Override
    public @Nullable Long latestTime() {
        return rules.clockChange() == 0 ? null : (Long) latestTime;
    }

    @Override
    public void resumeAfter(long other) {
        latestTime = other;
    }

    @Override
    public @Nullable Rejection rejection() {
        return rejection;
    }

    static void number(FieldValue field, BigDecimal value) {
        if (value.scale() >= 0 && value.scale() <= 18 && value.unscaledValue().bitLength() < Long.SIZE) {
            field.number(value.unscaledValue().longValueExact(), value.scale());
        } else {
            field.number(value);
        }
    }

    @Override
    public byte[] encode(WindowResult result) {
        String row = row(
                rules,
                result.start(),
                result.end(),
                HexFormat.of().formatHex(result.key()),
                EngineView.text(result.values()));
        String revision = result.revision() == 0 ? "" : revision(result.revision(), result.isFinal());
        return (row + revision + replaces(EngineView.windows(result.replaces()))).getBytes(StandardCharsets.UTF_8);
    }

    static String revision(long revision, boolean isFinal) {
        return " r" + revision + (isFinal ? " final" : "");
    }

    static String replaces(String windows) {
        return windows.isEmpty() ? "" : " for " + windows;
    }

    static String row(SimRules rules, long start, long end, String key, String results) {
        return rules.sinkPrefix() + " [" + start + "," + end + ") " + key + " = " + results;
    }

    public static String windows(List<SimWindow.Span> windows) {
        return windows.stream()
                .map(window -> "[" + window.start() + "," + window.end() + ")")
                .collect(Collectors.joining());
    }
}
