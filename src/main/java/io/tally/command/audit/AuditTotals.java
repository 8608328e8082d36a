package io.tally.command.audit;

import io.tally.checkpoint.Ledger;
import io.tally.command.audit.Difference.Kind;
import io.tally.heap.HeapAccount;
import java.util.SortedMap;
import java.util.TreeMap;

/** How much was compared, over all buckets. */
final class AuditTotals {
    final SortedMap<Integer, PartitionTotals> partitions = new TreeMap<>();
    long passes;
    /** Rows of closed windows, in all sinks together. */
    long rows;

    long notJudged;
    /** Rows in the sinks of which it is not known what they should be. */
    long undecided;

    long late;
    long deadLetters;

    /** Side records that depend on keys, so that they are compared once all keys were counted. */
    final SideTable lateByKey = new SideTable(HeapAccount.unlimited());

    final SideTable deadLettersByKey = new SideTable(HeapAccount.unlimited());

    void add(Pass pass) {
        boolean isFirst = passes++ == 0;
        pass.totals()
                .forEach((partition, totals) -> partitions
                        .computeIfAbsent(partition, number -> new PartitionTotals())
                        .add(totals, isFirst));
    }

    /** The totals of a partition. */
    PartitionTotals of(int partition) {
        return partitions.getOrDefault(partition, new PartitionTotals());
    }

    /**
     * Compares the committed totals of the partitions that were read from their beginning. The ledger has each record
     * in one class, so that its sum must be the number of records that there are.
     */
    void compareLedgers(AuditPlan plan, Differences differences) {
        plan.partitions().forEach((number, view) -> {
            if (view.isWhole()) {
                String where = plan.pipeline().topics().source() + "-" + number + "@"
                        + view.range().to();
                Ledger committed = view.metadata().ledger();
                PartitionTotals counted = of(number);
                Ledger recounted = counted.ledger();
                compare(where, "counted", committed.folded(), recounted.folded(), differences);
                compare(where, "late", committed.late(), recounted.late(), differences);
                compare(where, "dead letters", committed.deadLettered(), recounted.deadLettered(), differences);
                compare(where, "filtered", committed.filtered(), recounted.filtered(), differences);
                compare(where, "missing values", committed.missing(), recounted.missing(), differences);
                compare(where, "further events of records", committed.further(), recounted.further(), differences);
                compare(where, "records", committed.records(), counted.records, differences);
            }
        });
    }

    private static void compare(String where, String name, long committed, long recounted, Differences differences) {
        if (committed != recounted) {
            differences.add(new Difference(
                    Kind.LEDGER, where, name + ": committed " + committed + ", recounted " + recounted, null));
        }
    }
}
