package io.tally.command.audit;

import io.tally.heap.HeapAccount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * What may be gone from compacted sinks, where rows may leave more than once: all rows of a window and key except the
 * last. So the revision of a row need not follow that of the row before. It is one of the numbers in the row. A row may
 * be missing if a later one of its window and key is there.
 */
final class Compaction {
    /** About what the numbers of a row take of the heap. */
    private static final long HEAP_BYTES = 160;

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final long[] FIRST = {1};

    private final HeapAccount account;
    private final Map<Long, long[]> numbers = new HashMap<>();
    private final Map<List<Long>, MissingRow> missing = new HashMap<>();

    Compaction(HeapAccount account) {
        this.account = account;
    }

    /** A sink has a row of a window and key, known by their hash. */
    void add(long id, byte[] value) {
        account.take(HEAP_BYTES);
        Matcher found = NUMBER.matcher(new String(value, StandardCharsets.ISO_8859_1));
        LongStream these = LongStream.concat(
                LongStream.of(FIRST), found.results().mapToLong(number -> Long.parseLong(number.group())));
        numbers.merge(
                id,
                these.toArray(),
                (before, more) -> LongStream.concat(LongStream.of(before), LongStream.of(more))
                        .sorted()
                        .distinct()
                        .toArray());
    }

    /** What may be revisions of rows of a window and key; 1 is always one of them. */
    long[] revisions(long id) {
        return numbers.getOrDefault(id, FIRST);
    }

    /** A row was found: those before it may be gone. */
    void found(int sink, long id) {
        missing.remove(List.of((long) sink, id));
    }

    /** A row was not found. */
    void missing(MissingRow row) {
        MissingRow before = missing.put(List.of((long) row.sink(), row.id()), row);
        account.take(row.heapBytes() - (before == null ? 0 : before.heapBytes()));
    }

    /** The last rows of windows and keys that are not there. */
    List<MissingRow> missing() {
        return new ArrayList<>(missing.values());
    }
}
