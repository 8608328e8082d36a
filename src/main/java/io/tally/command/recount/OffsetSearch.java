package io.tally.command.recount;

import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds about where in a partition of the source event times reach a time, by a few records at some offsets. It takes
 * the median of their times, so that a single odd record does not mislead it. The result is where to begin to read. The
 * row itself shows that nothing of it lies before.
 */
public final class OffsetSearch implements SecondReading.Receiver {
    private final String source;
    private final LogReader log;
    private final Patience patience;
    private final SecondReading reading;
    private final long[] times = new long[31];
    private int found;

    /** A search in a source, whose records are read as the pipeline reads them. */
    public OffsetSearch(PipelineSpec spec, String source, Instant now, LogReader log, Patience patience) {
        this.source = source;
        this.log = log;
        this.patience = patience;
        reading = new SecondReading(spec, now.toEpochMilli(), this);
    }

    /** An offset before which event times are, on the whole, before {@code time}. */
    public long before(SourcePart part, long time) {
        return RisingSearch.before(part.held(), time, offset -> timeAt(part, offset));
    }

    /** The median time of the events that follow; null if there is none near. */
    public @Nullable Long timeAt(SourcePart part, long offset) {
        patience.check();
        found = 0;
        OffsetRange range =
                new OffsetRange(offset, Math.max(offset, Math.min(part.held().to(), offset + RisingSearch.WIDE)));
        log.read(source, part.partition(), range, record -> {
            reading.take(record);
            return found < times.length;
        });
        if (found == 0) {
            return null;
        }
        Arrays.sort(times, 0, found);
        return times[found / 2];
    }

    private void add(Event event) {
        if (found < times.length) {
            times[found++] = event.time();
        }
    }

    @Override
    public void rejected(SourceRecord record, Rejection rejection) {
        // It has no time.
    }

    @Override
    public void skipped(SourceRecord record) {
        // It has no time.
    }

    @Override
    public void filtered(SourceRecord record, Event event) {
        add(event);
    }

    @Override
    public void late(SourceRecord record, Event event, long watermark) {
        add(event);
    }

    @Override
    public void counted(SourceRecord record, Event event, long watermark) {
        add(event);
    }
}
