package io.tally.command.audit;

import io.tally.codec.SourceRecord;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.audit.Difference.Kind;
import io.tally.command.frame.Progress;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.RowIds;
import io.tally.command.recount.SinkRows;
import io.tally.command.recount.WholeTopic;
import io.tally.engine.WindowResult;
import io.tally.engine.row.KeyHash;
import io.tally.heap.HeapAccount;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of all sinks that belong to a bucket. The second reading encodes each row as the pipeline would, and takes
 * out the row that is the same in each byte. The rows that are left then, and those that it did not find, are the
 * differences.
 */
final class Sinks {
    /** How many rows of a window and key may be missing one after the other until the next one is not looked for. */
    private static final int MOST_SKIPPED = 16;

    private final AuditPlan plan;
    private final Bucket bucket;
    private final HeapAccount account;
    private final Differences differences;
    private final List<ResultEncoder> encoders;
    private final List<RowIds> ids = new ArrayList<>();
    private final List<SinkIndex> indexes = new ArrayList<>();
    /** Behind a shuffle, where rows may leave more than once; otherwise without entries. */
    private final List<LastRows> last = new ArrayList<>();

    private final List<List<OffsetRange>> ranges = new ArrayList<>();
    private final List<MissingRow> missing = new ArrayList<>();
    private final Undecided undecided;

    private final CorrectedRows corrected;
    /** Null if the sinks have all rows that were ever in them. */
    private final @Nullable Compaction compaction;

    private final boolean isRevised;
    /** How many rows were found as they should be. */
    long found;
    /** How many rows are of windows of which the last row need not have left. */
    long notJudged;

    Sinks(AuditPlan plan, Bucket bucket, HeapAccount account, Differences differences) {
        this.plan = plan;
        this.bucket = bucket;
        this.account = account;
        this.differences = differences;
        encoders = plan.spec().encoders().stream().map(Supplier::get).toList();
        encoders.forEach(encoder -> {
            ids.add(new RowIds(plan.spec(), encoder));
            indexes.add(new SinkIndex(account, plan.repeats(encoder)));
            last.add(new LastRows(account));
        });
        corrected = new CorrectedRows(plan, encoders, account, differences);
        compaction = plan.isCompacted() ? new Compaction(account) : null;
        isRevised = plan.spec().window().hasRevisions();
        // Rows that are gone from one sink may be there in another.
        undecided = new Undecided(plan, account, compaction != null && isRevised && encoders.size() > 1);
    }

    AuditPlan plan() {
        return plan;
    }

    List<ResultEncoder> encoders() {
        return encoders;
    }

    SinkIndex index(int sink) {
        return indexes.get(sink);
    }

    RowIds ids(int sink) {
        return ids.get(sink);
    }

    List<OffsetRange> ranges(int sink) {
        return ranges.get(sink);
    }

    List<MissingRow> missing() {
        return compaction == null ? missing : compaction.missing();
    }

    LastRows last(int sink) {
        return last.get(sink);
    }

    Undecided undecided() {
        return undecided;
    }

    /** Reads all sinks. */
    void read(LogReader log, Progress progress) {
        IntStream.range(0, encoders.size())
                .forEach(sink -> ranges.add(WholeTopic.read(
                        log,
                        topic(sink),
                        log.partitions(topic(sink)),
                        log::range,
                        progress,
                        (partition, record) -> add(sink, partition, record))));
    }

    private void add(int sink, int partition, SourceRecord record) {
        byte[] key = SinkRows.bytes(record.key());
        byte[] value = SinkRows.bytes(record.value());
        RowIds.Row row = ids.get(sink).of(key, value);
        long place = SinkIndex.place(partition, record.offset());
        if (row == null || value == null) {
            // The record has no key, so only one bucket looks at it.
            if (bucket.number() == 0) {
                String where = Leftovers.place(topic(sink), place);
                differences.add(new Difference(Kind.UNREADABLE_ROW, where, "", Leftovers.data(key, null, value)));
            }
            return;
        }
        RedriveMark mark = RedriveMark.of(record);
        if (mark != null) {
            plan.redrives().note(mark);
        }
        if (!bucket.holds(row.key(), 0, row.key().length) || !plan.holds(row)) {
            return;
        }
        if (plan.knowsLastOnly()) {
            if (plan.isOfThen(sink, place, row)) {
                last.get(sink).add(row.hash(), hash(key, value), place);
            } else {
                notJudged++;
            }
        } else if (mark == null) {
            if (!indexes.get(sink).add(row.hash(), hash(key, value), partition, record.offset())) {
                undecided.addRow(row);
            }
            if (compaction != null && sink == 0) {
                compaction.add(row.hash(), value);
            }
        } else {
            corrected.add(sink, row, Leftovers.place(topic(sink), place), mark, key, value);
        }
    }

    /** The rows that redrive has corrected. */
    CorrectedRows corrected() {
        return corrected;
    }

    /** A hash of a record's key and value. */
    static long hash(byte @Nullable [] key, byte[] value) {
        long hash = KeyHash.wide(value, 0, value.length) * 0x9E3779B97F4A7C15L;
        return key == null ? hash : hash ^ KeyHash.wide(key, 0, key.length);
    }

    private long hash(int sink, WindowResult result) {
        ResultEncoder encoder = encoders.get(sink);
        return hash(encoder.key(result), encoder.encode(result));
    }

    /** A hash of a row in all sinks. */
    private long hash(WindowResult result) {
        long hash = 0;
        for (int sink = 0; sink < encoders.size(); sink++) {
            hash = hash * 31 + hash(sink, result);
        }
        return hash;
    }

    private String topic(int sink) {
        return plan.pipeline().topics().sinks().get(sink);
    }

    /** Whether all sinks have a row, as the next one of its key if it may be there more than once. */
    boolean hold(WindowResult result) {
        return hold(result, true);
    }

    /** @param isNext whether it must be the next one; else it may be any, or stand for a later one */
    private boolean hold(WindowResult result, boolean isNext) {
        return IntStream.range(0, encoders.size()).allMatch(sink -> {
            long hash = hash(sink, result);
            return isNext
                    ? indexes.get(sink).holdsNext(() -> id(sink, result), hash)
                    : indexes.get(sink).holds(hash);
        });
    }

    /** Whether the last row that has left is this one. */
    boolean isLast(CountedRow row, WindowResult result) {
        return row.revision > 0 && row.shown == hash(result);
    }

    /**
     * A row has left: takes it out of all sinks, and notes where it is missing.
     *
     * @param row what it is one of
     */
    void take(CountedRow row, WindowResult result) {
        for (int sink = 0; sink < encoders.size(); sink++) {
            int here = sink;
            byte[] key = encoders.get(sink).key(result);
            byte[] value = encoders.get(sink).encode(result);
            if (!ids.get(sink).readsBack(result, key, value)) {
                throw Auditable.of(plan.pipeline()).unreadable(topic(sink));
            }
            long place = indexes.get(sink)
                    .take(
                            () -> id(ids.get(here).of(key, value)),
                            hash(key, value),
                            sink == 0 ? row.place : SinkIndex.NOWHERE);
            if (place == SinkIndex.NOWHERE) {
                missing(sink, row, result, key, value);
                continue;
            }
            found++;
            if (compaction != null) {
                compaction.found(sink, id(sink, result));
            }
            if (sink == 0) {
                checkOrder(row, place, result);
                row.place = place;
            }
        }
        if (isRevised) {
            row.shown = hash(result);
        }
    }

    private void checkOrder(CountedRow row, long place, WindowResult result) {
        boolean isBefore = !indexes.get(0).isInTurn()
                && row.place != SinkIndex.NOWHERE
                && SinkIndex.partition(place) == SinkIndex.partition(row.place)
                && place < row.place;
        if (isBefore) {
            undecided.doubt(
                    row.copy(),
                    new Difference(
                            Kind.MISPLACED_ROW,
                            plan.window(result),
                            Leftovers.place(topic(0), place) + ", before the row that it follows, "
                                    + Leftovers.place(topic(0), row.place),
                            Leftovers.data(row.copy(), null, null)));
        }
    }

    /** Whether all sinks have a row that follows the last one. */
    boolean holdNext(CountedRow row, CountedRow.Results result) {
        return next(row, result) >= 0;
    }

    /** The revision of the row that follows the last one, as it is now; -1 if the sinks have none. */
    private long next(CountedRow row, CountedRow.Results result) {
        long following = row.revision + 1;
        WindowResult next = result.of(following);
        if (hold(next)) {
            return following;
        }
        return revisions(next)
                .filter(revision -> revision > following && hold(result.of(revision)))
                .findFirst()
                .orElse(-1);
    }

    /** The possible revisions of a row, where compaction may have removed the rows before it. */
    private LongStream revisions(WindowResult row) {
        return compaction == null ? LongStream.empty() : LongStream.of(compaction.revisions(id(0, row)));
    }

    /** Whether compaction has left a row that was taken for an earlier one, and may be this one. */
    private boolean stands(CountedRow.Results result) {
        WindowResult first = result.of(1);
        boolean isThere = revisions(first).anyMatch(revision -> hold(result.of(revision), false));
        for (int sink = 0; isThere && sink < encoders.size(); sink++) {
            Objects.requireNonNull(compaction).found(sink, id(sink, first));
        }
        return isThere;
    }

    private long id(int sink, WindowResult result) {
        return id(row(sink, result));
    }

    private static long id(RowIds.@Nullable Row row) {
        return row == null ? 0 : row.hash();
    }

    private RowIds.@Nullable Row row(int sink, WindowResult result) {
        ResultEncoder encoder = encoders.get(sink);
        return ids.get(sink).of(encoder.key(result), encoder.encode(result));
    }

    /** Takes the row that follows the last one, if it has left. */
    boolean takeIfThere(CountedRow row, CountedRow.Results result) {
        long next = next(row, result);
        if (next < 0) {
            stands(result);
            return false;
        }
        row.revision = next;
        take(row, result.of(next));
        return true;
    }

    /**
     * The row that follows the last one must have left. If it is in no sink, but one of the next revisions is, then
     * those between are missing or differ.
     */
    void takeNext(CountedRow row, CountedRow.Results result) {
        if (isRevised && (takeIfThere(row, result) || stands(result))) {
            return;
        }
        row.revision++;
        boolean isExact = indexes.stream().noneMatch(SinkIndex::mayStandForOthers);
        for (int skipped = 1; isRevised && isExact && skipped <= MOST_SKIPPED; skipped++) {
            WindowResult later = result.of(row.revision + skipped);
            if (hold(later, false)) {
                for (int sink = 0; sink < encoders.size(); sink++) {
                    for (int i = 0; i < skipped; i++) {
                        byte[] key = encoders.get(sink).key(later);
                        missing(sink, row, later, key, encoders.get(sink).encode(result.of(row.revision + i)));
                    }
                }
                row.revision += skipped;
                take(row, later);
                return;
            }
        }
        take(row, result.of(row.revision));
    }

    private void missing(int sink, CountedRow row, WindowResult result, byte @Nullable [] key, byte[] value) {
        RowIds.Row id = ids.get(sink).of(key, value);
        MissingRow entry = new MissingRow(
                sink,
                id == null ? 0 : id.hash(),
                plan.window(result),
                row.origin(plan.pipeline().topics().source()),
                key,
                value);
        if (compaction != null) {
            compaction.missing(entry);
            return;
        }
        account.take(entry.heapBytes());
        missing.add(entry);
    }

    /**
     * The last row of a window and key must be this one, with as many rows before it as its revision says.
     *
     * @param isJudged whether it must be there, with all records
     */
    void takeLast(CountedRow row, CountedRow.Results result, boolean isJudged) {
        for (int sink = 0; sink < encoders.size(); sink++) {
            LastRows.Entry entry = last.get(sink).know(id(sink, result.of(1)));
            if (!isJudged) {
                notJudged += entry == null ? 0 : entry.rows;
                continue;
            }
            WindowResult expected = result.of(entry == null ? 1 : entry.rows);
            byte[] key = encoders.get(sink).key(expected);
            byte[] value = encoders.get(sink).encode(expected);
            if (entry == null) {
                missing(sink, row, expected, key, value);
            } else if (entry.hash == hash(key, value)) {
                found += entry.rows;
            } else {
                found += entry.rows - 1;
                differences.add(new Difference(
                        Kind.WRONG_ROW,
                        plan.window(expected),
                        Leftovers.place(topic(sink), entry.place) + ", the last of " + entry.rows + ", from "
                                + row.origin(plan.pipeline().topics().source()),
                        Leftovers.data(key, value, null)));
            }
        }
    }

    /** Notes that it is not known whether a record was counted in a row. */
    void undecided(WindowResult result) {
        for (int sink = 0; sink < encoders.size(); sink++) {
            undecided.addRow(row(sink, result));
        }
    }
}
