package io.tally.command.dryrun;

import io.tally.checkpoint.Ledger;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.Excerpt;
import io.tally.engine.WindowResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that a dry run finds, over all partitions. Its size is bounded, whatever it reads. */
final class Findings {
    /** The most windows of which rows are counted one by one. */
    static final int MOST_WINDOWS = 500_000;

    /**
     * A record that cannot be counted.
     *
     * @param detail what is wrong, with what it holds
     * @param value the beginning of its value, escaped
     */
    record Sample(int partition, long offset, String detail, String value) {}

    /** Dead letters of a reason. */
    static final class Reason {
        long count;
        final List<Sample> samples = new ArrayList<>();
    }

    /** What stopped a partition. */
    record Stop(int partition, long offset, String why) {}

    final Map<Rejection.Reason, Reason> deadLetters = new EnumMap<>(Rejection.Reason.class);
    final SortedMap<Integer, Disorder> disorder = new TreeMap<>();
    final DistinctKeys keys = new DistinctKeys();
    final LogHistogram overdue = new LogHistogram();
    final List<Duration> graces;
    /** Late events by the place of the grace. */
    final long[] late;

    final List<Stop> stops = new ArrayList<>();
    final long samples;

    Ledger ledger = Ledger.EMPTY;
    long bytes;
    long rows;
    long rowBytes;
    long stateRecords;
    long stateBytes;
    /** The sum of each partition's most. */
    long openBytes;

    long openEntries;
    /** Event times in milliseconds since the epoch; the first is after the last if there are none. */
    long firstTime = Long.MAX_VALUE;

    long lastTime = Long.MIN_VALUE;
    /** Nanoseconds of reading, decoding and folding. */
    long took;

    private final Map<Long, long[]> windows = new HashMap<>();
    boolean windowsLeftOut;

    Findings(List<Duration> graces, long samples) {
        this.graces = List.copyOf(graces);
        this.samples = samples;
        late = new long[graces.size()];
    }

    void deadLetter(SourceRecord record, int partition, Rejection rejection) {
        Reason reason = deadLetters.computeIfAbsent(rejection.reason(), name -> new Reason());
        reason.count++;
        if (reason.samples.size() < samples) {
            reason.samples.add(new Sample(partition, record.offset(), rejection.detail(), quoted(record.value())));
        }
    }

    private static String quoted(@Nullable ByteRange value) {
        return value == null ? "null" : Excerpt.quote(value.bytes(), value.start(), value.length());
    }

    void row(WindowResult row, int bytesOfRow) {
        rows++;
        rowBytes += bytesOfRow;
        long[] count = windows.get(row.end());
        if (count == null) {
            if (windows.size() == MOST_WINDOWS) {
                windowsLeftOut = true;
                return;
            }
            count = new long[1];
            windows.put(row.end(), count);
        }
        count[0]++;
    }

    /** Numbers of rows of each window, ascending. */
    long[] rowsPerWindow() {
        return windows.values().stream().mapToLong(count -> count[0]).sorted().toArray();
    }

    /** Events that are counted, or would be if they were not late. */
    long countable() {
        return ledger.folded() + ledger.late();
    }
}
