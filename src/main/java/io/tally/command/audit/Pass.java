package io.tally.command.audit;

import io.tally.heap.HeapAccount;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the second reading says of a bucket.
 *
 * @param isFirst whether no other bucket was counted before
 * @param account what it takes of the heap
 * @param totals by partition
 */
record Pass(
        Bucket bucket,
        boolean isFirst,
        HeapAccount account,
        Sinks sinks,
        SideTable late,
        SideTable deadLetters,
        SortedMap<Integer, PartitionTotals> totals) {
    static Pass of(AuditPlan plan, Bucket bucket, boolean isFirst, HeapAccount account, Differences differences) {
        return new Pass(
                bucket,
                isFirst,
                account,
                new Sinks(plan, bucket, account, differences),
                new SideTable(account),
                new SideTable(account),
                new TreeMap<>());
    }
}
