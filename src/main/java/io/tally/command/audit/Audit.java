package io.tally.command.audit;

import io.tally.command.audit.Committed.PartitionView;
import io.tally.command.audit.SideComparison.Side;
import io.tally.command.frame.Command;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.CommandOption;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.Progress;
import io.tally.heap.HeapAccount;
import io.tally.heap.HeapBudget;
import io.tally.heap.HeapLimitExceededException;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * Counts the source a second time and compares with it what the pipeline has written.
 *
 * <p>If the rows do not fit into memory, their keys are divided by hash, and the logs are read once for each part. That
 * costs more readings, but no disk space: no copy of the data is left anywhere, and functions need no durable form for
 * it.
 */
public final class Audit implements Command {
    private static final long MOST_DIFFERENCES = 20;

    private final long heapBytes;

    /** An audit that takes at most half of the heap for what it counts. */
    public Audit() {
        this(Runtime.getRuntime().maxMemory() / 2);
    }

    /**
     * An audit that takes about so many bytes for what it counts.
     *
     * @param heapBytes bytes of the heap, at least 1
     */
    public Audit(long heapBytes) {
        this.heapBytes = heapBytes;
    }

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public String summary() {
        return "Counts the source a second time and compares all outputs with that";
    }

    @Override
    public String details() {
        return "It compares rows in the sinks, late records, dead letters and the committed totals. TIME is ISO-8601, as"
                + "\n2026-01-31T12:00:00Z, a date for its beginning in UTC, or how long ago, as -1h. Without --from and"
                + " --to\neverything is compared that the pipeline has done since it began. Exit code 1 means differences.";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                new CommandOption("from", "TIME", "compare windows that begin then or later (event time)"),
                new CommandOption("to", "TIME", "compare windows that end then or before (event time)"),
                new CommandOption("max-differences", "N", "how many differences are shown; default: 20"),
                CommandOption.flag("show-values", "show keys and rows of differences"));
    }

    @Override
    public ExitCode run(CommandInput input) {
        long most = input.arguments().number("max-differences", MOST_DIFFERENCES, 0);
        Differences differences = new Differences(most);
        Progress progress = input.output().progress();
        try (LogReader log = input.access().log(input.pipeline())) {
            AuditPlan plan = new AuditPlan(input, log);
            AuditTotals totals = new AuditTotals();
            Deque<Bucket> buckets = new ArrayDeque<>(List.of(Bucket.ALL));
            while (!buckets.isEmpty()) {
                Bucket bucket = buckets.pop();
                Differences found = new Differences(most);
                HeapBudget budget = new HeapBudget(heapBytes, "half of the heap");
                try (HeapAccount account = budget.open("audit")) {
                    Pass pass = recount(plan, bucket, totals.passes == 0, account, found, log, progress);
                    compare(plan, pass, log, totals, found, progress);
                    differences.addAll(found);
                } catch (HeapLimitExceededException e) {
                    if (bucket.isSmallest()) {
                        throw new LogException(
                                "The rows of a single key do not fit: " + e.getMessage()
                                        + ". Give the audit more heap (-Xmx), or a shorter range",
                                e);
                    }
                    bucket.halves().forEach(buckets::push);
                }
            }
            compareByKey(plan, log, totals, differences, progress);
            totals.compareLedgers(plan, differences);
            new AuditReport(plan, totals, differences, input.arguments().has("show-values")).print(input.output(), log);
        }
        return differences.total() == 0 ? ExitCode.GOOD : ExitCode.FOUND;
    }

    private static Pass recount(
            AuditPlan plan,
            Bucket bucket,
            boolean isFirst,
            HeapAccount account,
            Differences differences,
            LogReader log,
            Progress progress) {
        Pass pass = Pass.of(plan, bucket, isFirst, account, differences);
        progress.begin("records of the sinks" + part(bucket), 0);
        pass.sinks().read(log, progress);
        plan.redrives().read(log, progress);
        String source = plan.pipeline().topics().source();
        progress.begin(
                "offsets of " + source + part(bucket),
                plan.partitions().values().stream()
                        .mapToLong(view -> view.range().length())
                        .sum());
        RowCount all = plan.hasShuffle() ? plan.newCount(pass.sinks(), account) : null;
        for (PartitionView view : plan.partitions().values()) {
            RowCount rows = all == null ? plan.newCount(pass.sinks(), account) : all;
            Recount recount = new Recount(plan, view, pass, rows);
            log.read(source, view.partition(), view.range(), record -> {
                recount.take(record);
                progress.add(1);
                return true;
            });
            recount.release();
            pass.totals().put(view.partition(), recount.totals());
            if (all == null) {
                rows.end();
            }
        }
        if (all != null) {
            all.end();
        }
        return pass;
    }

    private static String part(Bucket bucket) {
        return bucket.count() == 1 ? "" : " (part " + (bucket.number() + 1) + " of " + bucket.count() + ")";
    }

    private static void compare(
            AuditPlan plan, Pass pass, LogReader log, AuditTotals totals, Differences differences, Progress progress) {
        progress.begin("records of the outputs" + part(pass.bucket()), 0);
        totals.rows += pass.sinks().found + pass.sinks().corrected().compare();
        totals.notJudged += pass.sinks().notJudged;
        for (int sink = 0; sink < plan.pipeline().topics().sinks().size(); sink++) {
            Leftovers left = new Leftovers(pass.sinks(), sink, differences);
            left.compare(log, progress);
            totals.rows += left.compared;
            totals.notJudged += left.notJudged;
            totals.undecided += left.undecided;
        }
        if (plan.isLateByKey()) {
            totals.lateByKey.addAll(pass.late());
        } else {
            totals.late +=
                    new SideComparison(plan, pass.bucket(), Side.LATE, pass.late(), differences).compare(log, progress);
        }
        if (plan.isDeadByKey()) {
            totals.deadLettersByKey.addAll(pass.deadLetters());
        } else {
            totals.deadLetters += new SideComparison(
                            plan, pass.bucket(), Side.DEAD_LETTER, pass.deadLetters(), differences)
                    .compare(log, progress);
        }
        totals.add(pass);
    }

    /** Compares the side records that depend on keys, which are known once all keys were counted. */
    private static void compareByKey(
            AuditPlan plan, LogReader log, AuditTotals totals, Differences differences, Progress progress) {
        if (plan.isLateByKey()) {
            totals.late += new SideComparison(plan, Bucket.ALL, Side.LATE, totals.lateByKey, differences)
                    .compare(log, progress);
        }
        if (plan.isDeadByKey()) {
            totals.deadLetters += new SideComparison(
                            plan, Bucket.ALL, Side.DEAD_LETTER, totals.deadLettersByKey, differences)
                    .compare(log, progress);
        }
    }

    /** All topics that it reads beside the source. */
    static Stream<String> outputs(AuditPlan plan) {
        return Stream.concat(
                plan.pipeline().topics().sinks().stream(),
                Stream.of(
                        plan.pipeline().topics().late(),
                        plan.pipeline().topics().deadLetter()));
    }
}
