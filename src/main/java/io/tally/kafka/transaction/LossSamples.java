package io.tally.kafka.transaction;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.PlainText;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.status.LostRecords;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What uncounted records hold, as text for people who may see it. */
final class LossSamples {
    private static final int LONGEST_KEY = 80;
    private static final int LONGEST_VALUE = 240;

    private LossSamples() {}

    static LostRecords.Sample of(SourceRecord record, String what) {
        return new LostRecords.Sample(text(record.key(), LONGEST_KEY), text(record.value(), LONGEST_VALUE), what);
    }

    /** A sample of a partial aggregate, as the row that it would be. */
    static LostRecords.Sample of(byte[] key, byte[] row, String what) {
        return new LostRecords.Sample(
                PlainText.of(key, 0, key.length, LONGEST_KEY), PlainText.of(row, 0, row.length, LONGEST_VALUE), what);
    }

    private static @Nullable String text(@Nullable ByteRange range, int max) {
        return range == null ? null : PlainText.of(range, max);
    }

    static String inWords(Lateness lateness) {
        return "event time " + Instant.ofEpochMilli(lateness.eventTime()) + ", but its window until "
                + Instant.ofEpochMilli(lateness.windowEnd()) + " had closed: the watermark was at "
                + Instant.ofEpochMilli(lateness.watermark());
    }
}
