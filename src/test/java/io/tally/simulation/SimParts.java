package io.tally.simulation;

import io.tally.codec.Cuts;
import io.tally.codec.Framing;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records that hold several events of the simulation, one a line, each with its key at its end. The model knows nothing
 * of records: to it they are events that share an offset.
 *
 * @param offset what they share
 */
record SimParts(
        long offset, @Nullable ByteRange key, @Nullable ByteRange value) implements SourceRecord {
    private static final String DAMAGED = "!";

    static final Framing FRAMING = SimParts::cut;

    /** The records that hold these events, all of those that they hold. */
    static List<SourceRecord> records(List<SimRecord> events, SimRules rules) {
        if (!rules.split()) {
            return List.copyOf(events);
        }
        List<SourceRecord> records = new ArrayList<>();
        for (int from = 0; from < events.size(); ) {
            int to = from + 1;
            while (to < events.size()
                    && events.get(to).offset() == events.get(from).offset()) {
                to++;
            }
            records.add(record(events.subList(from, to)));
            from = to;
        }
        return records;
    }

    private static SourceRecord record(List<SimRecord> events) {
        SimRecord first = events.get(0);
        if (events.size() == 1 && first.value() == null) {
            return first;
        }
        if (events.size() == 1 && first.poison() && first.key() != null) {
            return of(first.offset(), DAMAGED);
        }
        return of(first.offset(), events.stream().map(SimParts::line).collect(Collectors.joining("\n")));
    }

    private static SimParts of(long offset, String text) {
        return new SimParts(offset, null, ByteRange.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String line(SimRecord event) {
        ByteRange value = event.value();
        ByteRange key = event.key();
        String text = value == null ? "no event" : new String(value.copy(), StandardCharsets.UTF_8);
        return key == null ? text : text + "|" + HexFormat.of().formatHex(key.copy());
    }

    private static void cut(ByteRange value, Cuts cuts) {
        byte[] bytes = value.bytes();
        if (bytes[value.start()] == '!') {
            throw new RejectedException(Reason.MALFORMED, "nobody can tell where the events are");
        }
        for (int start = value.start(); start <= value.end(); ) {
            int end = ByteScan.indexOf(bytes, start, value.end(), (byte) '\n');
            cuts.add(start, end);
            start = end + 1;
        }
    }

    @Override
    public long timestamp() {
        return -1;
    }
}
