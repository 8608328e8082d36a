package io.tally.command.audit;

import io.tally.heap.HeapAccount;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the second reading says of a bucket.
 *
 * @param account what it takes of the heap
 * @param totals by partition
 */
record Pass(
        Bucket bucket,
        HeapAccount account,
        ExpectedRows rows,
        SideTable late,
        SideTable deadLetters,
        SortedMap<Integer, PartitionTotals> totals) {
    static Pass of(AuditPlan plan, Bucket bucket, HeapAccount account) {
        return new Pass(
                bucket,
                account,
                new ExpectedRows(plan.aggregates(), account),
                new SideTable(account),
                new SideTable(account),
                new TreeMap<>());
    }
}
