package io.tally.command.audit;

import io.tally.command.recount.RowIds;
import io.tally.engine.row.KeyHash;
import io.tally.heap.HeapAccount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a bucket that are not as expected, although it is not known what they should be. */
final class Undecided {
    /** About what a key takes of the heap. */
    private static final long KEY_BYTES = 72;
    /** About what a difference takes of it. */
    private static final long DIFFERENCE_BYTES = 600;

    private final AuditPlan plan;
    private final HeapAccount account;
    private final boolean areAll;
    private final boolean mayMixPartitions;
    private final Set<Long> rows = new HashSet<>();
    private final Set<Long> keys = new HashSet<>();
    /** The first partition of the source that had a row of the key. */
    private final Map<Long, Integer> partitions = new HashMap<>();

    private final List<Map.Entry<Long, Difference>> doubtful = new ArrayList<>();

    /** @param areAll whether nothing is known of any row that is not as it was expected */
    Undecided(AuditPlan plan, HeapAccount account, boolean areAll) {
        this.plan = plan;
        this.account = account;
        this.areAll = areAll;
        mayMixPartitions = plan.mayMixPartitions();
    }

    private static long hash(byte[] key) {
        return KeyHash.wide(key, 0, key.length);
    }

    void addRow(RowIds.@Nullable Row row) {
        if (row != null) {
            rows.add(row.hash());
        }
    }

    /** None of the rows of a key is known. */
    void addKey(byte[] key) {
        keys.add(hash(key));
    }

    /** A partition of the source has records of a row. */
    void begun(byte[] key, int partition) {
        if (mayMixPartitions) {
            Integer first = partitions.putIfAbsent(hash(key), partition);
            if (first == null) {
                account.take(KEY_BYTES);
            } else if (first != partition) {
                plan.requireUnmixed();
                keys.add(hash(key));
            }
        }
    }

    /** Notes a difference, unless the key turns out to be in a further partition: that is known once all is read. */
    void doubt(byte[] key, Difference difference) {
        account.take(DIFFERENCE_BYTES);
        doubtful.add(Map.entry(hash(key), difference));
    }

    /** The doubts that remain differences. */
    List<Difference> undoubted() {
        return doubtful.stream()
                .filter(entry -> !areAll && !keys.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    boolean holds(RowIds.Row row) {
        return areAll || rows.contains(row.hash()) || holdsKey(row.key());
    }

    boolean holdsKey(byte[] key) {
        return keys.contains(hash(key));
    }
}
