package io.tally.command.dryrun;

import io.tally.checkpoint.Ledger;
import io.tally.command.frame.Arguments;
import io.tally.command.frame.Command;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.CommandOption;
import io.tally.command.frame.ExitCode;
import io.tally.command.frame.Place;
import io.tally.command.frame.Progress;
import io.tally.command.frame.UsageException;
import io.tally.pipeline.KeyPlaces;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lets the pipeline's own processors read a part of the source, counts what they would send, and sends nothing. */
public final class DryRun implements Command {
    private static final long MOST_RECORDS = 10_000_000;
    private static final long SAMPLES = 3;
    private static final double LATE_RATIO = 0.001;
    private static final List<Duration> GRACES = List.of(
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofHours(1));

    @Override
    public String name() {
        return "dry-run";
    }

    @Override
    public String summary() {
        return "Says what a pipeline would make of its source, and what to set";
    }

    @Override
    public String details() {
        return "It reads a part of the source with the pipeline's own decoder and engine, as if the pipeline began there."
                + "\nPLACE is an offset, a time (2026-01-31T12:00:00Z, 2026-01-31, or -1h for an hour ago), beginning or"
                + " end.\nExit code 1 means that a partition would stop, or that hardly any event would be counted.";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                new CommandOption("from", "PLACE", "where to begin in each partition; default: beginning"),
                new CommandOption("to", "PLACE", "where to end; default: end"),
                new CommandOption(
                        "max-records", "N", "read no more offsets, shared out in proportion; default: 10000000"),
                new CommandOption("grace", "5s,1m,...", "count what is late under these graces"),
                new CommandOption("late-ratio", "SHARE", "the share of late events for the advice; default: 0.001"),
                new CommandOption("samples", "N", "dead letters shown for each reason; default: 3"),
                CommandOption.flag("show-values", "show what records that are dead letters hold"));
    }

    @Override
    public ExitCode run(CommandInput input) {
        PipelineDefinition pipeline = input.pipeline();
        PipelineSpec spec = pipeline.spec().forStage(StageKind.DIRECT);
        Arguments arguments = input.arguments();
        double lateRatio = arguments.share("late-ratio", LATE_RATIO);
        Findings findings = new Findings(graces(arguments, spec), arguments.number("samples", SAMPLES, 0));
        // A shuffle brings together what lies in several partitions.
        KeyPlaces places = pipeline.shuffle() == null ? spec.places() : KeyPlaces.UNWATCHED;
        SortedMap<Integer, OffsetRange> ranges;
        try (LogReader log = input.access().log(pipeline)) {
            ranges = ranges(input, log);
            Progress progress = input.output().progress();
            progress.begin(
                    "offsets of " + pipeline.topics().source(),
                    ranges.values().stream().mapToLong(OffsetRange::length).sum());
            ranges.forEach((partition, range) -> {
                SourcePartition source = source(pipeline, partition, ranges.size());
                new PartitionRun(
                                source,
                                spec,
                                places,
                                range,
                                findings,
                                input.now().toEpochMilli())
                        .read(log, range, () -> progress.add(1));
            });
        }
        Advice advice = new Advice(spec, findings, lateRatio);
        new Report(pipeline, ranges, findings, advice, arguments.has("show-values")).print(input.output());
        return isSound(pipeline, findings) ? ExitCode.GOOD : ExitCode.FOUND;
    }

    /** The configured grace is always one of them. */
    private static List<Duration> graces(Arguments arguments, PipelineSpec spec) {
        List<Duration> graces = new ArrayList<>(arguments.has("grace") ? arguments.durations("grace") : GRACES);
        if (arguments.has("grace") && spec.window().windowing() == null) {
            throw new UsageException("--grace says nothing for these windows: the other events of a key decide what is"
                    + " late, so that each grace would need a run of its own. Set window.grace and leave out --grace");
        }
        graces.add(spec.window().grace());
        return graces.stream().sorted().distinct().toList();
    }

    private static SortedMap<Integer, OffsetRange> ranges(CommandInput input, LogReader log) {
        String topic = input.pipeline().topics().source();
        int partitions = log.partitions(topic);
        if (partitions == 0) {
            throw new UsageException("The source topic " + topic + " does not exist");
        }
        Place from = Place.parse(input.arguments(), "from", Place.BEGINNING, input.now());
        Place to = Place.parse(input.arguments(), "to", Place.END, input.now());
        if (from.isNotBefore(to)) {
            throw new UsageException("--from is not before --to");
        }
        long most = input.arguments().number("max-records", MOST_RECORDS, 1);
        SortedMap<Integer, OffsetRange> ranges = new TreeMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            OffsetRange held = log.range(topic, partition);
            long first = from.in(log, topic, partition, held);
            ranges.put(partition, new OffsetRange(first, Math.max(first, to.in(log, topic, partition, held))));
        }
        long all = ranges.values().stream().mapToLong(OffsetRange::length).sum();
        if (all > most) {
            double share = most / (double) all;
            long[] before = {0};
            // Rounded where the partitions end if they are put one after the other, so that the shares add up.
            ranges.replaceAll((partition, range) -> {
                long first = Math.round(before[0] * share);
                before[0] += range.length();
                return new OffsetRange(range.from(), range.from() + Math.round(before[0] * share) - first);
            });
        }
        return ranges;
    }

    private static SourcePartition source(PipelineDefinition pipeline, int partition, int partitions) {
        return new SourcePartition(
                pipeline.name(),
                pipeline.groupId(),
                pipeline.topics().source(),
                "dry-run",
                partition,
                partitions,
                false,
                pipeline.topics().state(),
                null);
    }

    private static boolean isSound(PipelineDefinition pipeline, Findings findings) {
        Ledger ledger = findings.ledger;
        long uncounted = ledger.late() + ledger.deadLettered();
        boolean isHardlyCounted = ledger.total() >= pipeline.uncounted().records()
                && uncounted >= pipeline.uncounted().share() * ledger.total();
        return findings.stops.isEmpty() && !isHardlyCounted;
    }
}
