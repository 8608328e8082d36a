package io.tally.pipeline;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.checkpoint.Fingerprint;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.Engines;
import io.tally.engine.WindowEngine;
import io.tally.engine.partial.Combiner;
import io.tally.engine.row.Aggregates;
import io.tally.heap.HeapAccount;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.status.OpenWindows;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline computes, whatever the origin of its records. Immutable. Each partition makes its own decoder,
 * encoder and engine from it, since these are confined to one thread.
 *
 * @param name the pipeline's name in the configuration
 * @param stage the part of the pipeline's work
 * @param window which windows an event belongs to, and when their rows leave
 * @param idleTimeout after which open windows close although no record comes; null for never
 * @param maxOpenEntries limit of open (window, key) entries per partition
 * @param heap how much of the heap the open windows may take; all partitions of this process share it
 * @param aggregates the aggregate functions in the order of the sink's fields
 * @param fieldCount number of input slots of the aggregates
 * @param encoders what makes the rows of each sink, at least one
 * @param places watches where group keys lie; shared by the partitions that this process has
 */
public record PipelineSpec(
        String name,
        StageKind stage,
        WindowSpec window,
        @Nullable Duration idleTimeout,
        long maxOpenEntries,
        HeapBudget heap,
        List<Aggregate> aggregates,
        int fieldCount,
        Supplier<RecordDecoder> decoders,
        List<Supplier<ResultEncoder>> encoders,
        CheckpointPolicy checkpoint,
        Fingerprint fingerprint,
        KeyPlaces places) {

    public PipelineSpec {
        aggregates = List.copyOf(aggregates);
        encoders = List.copyOf(encoders);
    }

    /** A pipeline with one sink, where nobody watches in which partitions group keys lie. */
    public PipelineSpec(
            String name,
            StageKind stage,
            WindowSpec window,
            @Nullable Duration idleTimeout,
            long maxOpenEntries,
            HeapBudget heap,
            List<Aggregate> aggregates,
            int fieldCount,
            Supplier<RecordDecoder> decoders,
            Supplier<ResultEncoder> encoder,
            CheckpointPolicy checkpoint,
            Fingerprint fingerprint) {
        this(
                name,
                stage,
                window,
                idleTimeout,
                maxOpenEntries,
                heap,
                aggregates,
                fieldCount,
                decoders,
                List.of(encoder),
                checkpoint,
                fingerprint,
                KeyPlaces.UNWATCHED);
    }

    /** The same pipeline with another checkpoint policy. */
    public PipelineSpec withCheckpoint(CheckpointPolicy policy) {
        return with(stage, decoders, encoders, policy, places);
    }

    /** One stage of the pipeline. */
    public PipelineSpec forStage(StageKind other) {
        return with(other, decoders, encoders, checkpoint, places);
    }

    /**
     * The same pipeline with its first sink only, and with wrappers around decoder and encoder that watch what these
     * do.
     *
     * @param watch watches where group keys lie
     */
    public PipelineSpec watched(
            UnaryOperator<RecordDecoder> decoding, UnaryOperator<ResultEncoder> encoding, KeyPlaces watch) {
        return with(
                stage,
                () -> decoding.apply(decoders.get()),
                List.of(() -> encoding.apply(encoders.get(0).get())),
                checkpoint,
                watch);
    }

    /** The name in logs, metrics and health. The combine stage of a shuffle has the name of the pipeline. */
    public String title() {
        return stage == StageKind.MERGE ? name + ".merge" : name;
    }

    private PipelineSpec with(
            StageKind otherStage,
            Supplier<RecordDecoder> decoding,
            List<Supplier<ResultEncoder>> encoding,
            CheckpointPolicy policy,
            KeyPlaces watch) {
        return new PipelineSpec(
                name,
                otherStage,
                window,
                idleTimeout,
                maxOpenEntries,
                heap,
                aggregates,
                fieldCount,
                decoding,
                encoding,
                policy,
                fingerprint,
                watch);
    }

    /**
     * Whether rows of a key have one record key, whatever their windows, so that compaction leaves only the last.
     *
     * @param sink the sink's place, 0 for the first
     */
    public boolean losesRowsByCompaction(int sink) {
        return !(window.kind() instanceof WindowKind.Totals)
                && !encoders.get(sink).get().hasWindowInKey();
    }

    /** What {@link WindowEngine#showOpen} shows. */
    public OpenWindows.Shape openShape() {
        if (stage == StageKind.COMBINE) {
            return OpenWindows.Shape.NONE;
        }
        if (window.kind() instanceof WindowKind.Aligned aligned) {
            // Windows with several rows have rows of their own, whether they overlap or not.
            return aligned.windowing().overlaps() && !window.hasRevisions()
                    ? OpenWindows.Shape.SLICES
                    : OpenWindows.Shape.WINDOWS;
        }
        return window.kind() instanceof WindowKind.Sessions ? OpenWindows.Shape.SESSIONS : OpenWindows.Shape.TOTALS;
    }

    public WindowEngine newEngine(HeapAccount account) {
        Aggregates functions = new Aggregates(aggregates, account);
        return stage == StageKind.MERGE
                ? Engines.forPartials(window, functions, maxOpenEntries)
                : Engines.forEvents(window, functions, maxOpenEntries);
    }

    /** A combiner whose partials begin with the number of their records. */
    public Combiner newCombiner(HeapAccount account) {
        List<Aggregate> counted = new ArrayList<>();
        counted.add(BuiltIn.count());
        counted.addAll(aggregates);
        return Engines.combiner(window, new Aggregates(counted, account));
    }

    public Event newEvent() {
        return new Event(fieldCount);
    }
}
