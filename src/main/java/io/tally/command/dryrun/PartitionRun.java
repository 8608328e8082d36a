package io.tally.command.dryrun;

import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.decode.RecordDecoder.Verdict;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.WindowResult;
import io.tally.pipeline.Committed;
import io.tally.pipeline.KeyPlaces;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.Restoration;
import io.tally.window.Windowing;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline's own processor over a part of one partition, as if it began there, with everything that it sends
 * counted and dropped.
 */
final class PartitionRun implements Outbox {
    /** As many as a poll of the packaged configuration. */
    private static final int BATCH = 2_000;

    private final SourcePartition source;
    private final Findings findings;
    private final Disorder disorder = new Disorder();
    /** Null where lateness depends on the key's other events. */
    private final @Nullable Overdue overdue;

    private final PartitionProcessor processor;
    private long highest = Long.MIN_VALUE;
    private long now;
    private int inBatch;
    private long openBytes;
    private long openEntries;
    private long lastOffset;

    /**
     * Begins with a range.
     *
     * @param places watches where group keys lie
     * @param wall what time it is, milliseconds since the epoch
     */
    PartitionRun(
            SourcePartition source,
            PipelineSpec spec,
            KeyPlaces places,
            OffsetRange range,
            Findings findings,
            long wall) {
        this.source = source;
        this.findings = findings;
        findings.disorder.put(source.partition(), disorder);
        Windowing windowing = spec.window().windowing();
        overdue = windowing == null
                ? null
                : new Overdue(
                        windowing,
                        spec.window().allowedLateness().toMillis(),
                        findings.graces,
                        findings.late,
                        findings.overdue);
        lastOffset = range.from();
        PipelineSpec watched = spec.watched(this::watch, this::watch, places);
        Restoration restoration = new Restoration(source, watched);
        restoration.load(new Committed(false, range.from(), "", range.from(), range.to()));
        processor = restoration.complete("dry-run").to(this);
        processor.clock(wall);
    }

    private RecordDecoder watch(RecordDecoder decoder) {
        return new WatchedDecoder(decoder, this::decoded);
    }

    private ResultEncoder watch(ResultEncoder encoder) {
        return new ResultEncoder() {
            @Override
            public byte[] encode(WindowResult result) {
                byte[] row = encoder.encode(result);
                findings.row(result, row.length + result.key().length);
                return row;
            }

            @Override
            public byte[] key(WindowResult result) {
                return encoder.key(result);
            }
        };
    }

    private void decoded(Verdict verdict, Event event) {
        if (verdict != Verdict.ACCEPTED && verdict != Verdict.FILTERED) {
            return;
        }
        long time = event.time();
        long before = highest;
        highest = Math.max(before, time);
        findings.firstTime = Math.min(findings.firstTime, time);
        disorder.add(before == Long.MIN_VALUE ? 0 : highest - time);
        if (verdict == Verdict.ACCEPTED) {
            findings.keys.add(event.keyBuffer(), event.keyStart(), event.keyLength());
            if (overdue != null) {
                overdue.add(time, highest);
            }
        }
    }

    /**
     * Reads a part of the partition.
     *
     * @param read called after each record
     * @return whether it was read to its end, and not refused
     */
    boolean read(LogReader log, OffsetRange range, Runnable read) {
        long began = System.nanoTime();
        try {
            log.read(source.topic(), source.partition(), range, record -> {
                take(record);
                read.run();
                return true;
            });
            endBatch(range.to());
            return true;
        } catch (RefusedException e) {
            findings.stops.add(new Findings.Stop(
                    source.partition(), lastOffset, e.refusal().withoutData().toString()));
            return false;
        } finally {
            findings.took += System.nanoTime() - began;
            end();
        }
    }

    private void take(SourceRecord record) {
        lastOffset = record.offset();
        findings.bytes += length(record.key()) + length(record.value());
        // The broker's timestamp is about when a running pipeline would have got the record; that decides what a
        // checkpoint writes.
        now = Math.max(now, record.timestamp());
        processor.process(record);
        if (++inBatch == BATCH) {
            endBatch(record.offset() + 1);
        }
    }

    private static int length(@Nullable ByteRange range) {
        return range == null ? 0 : range.length();
    }

    private void endBatch(long next) {
        inBatch = 0;
        var snapshot = processor.snapshot(processor.completeBatch(next, now));
        openBytes = Math.max(openBytes, snapshot.openBytes());
        openEntries = Math.max(openEntries, snapshot.openEntries());
    }

    private void end() {
        findings.ledger = findings.ledger.plus(processor.position().metadata().ledger());
        findings.lastTime = Math.max(findings.lastTime, highest);
        findings.openBytes += openBytes;
        findings.openEntries += openEntries;
        processor.discard();
    }

    @Override
    public void result(int sink, byte[] key, byte[] value) {
        // Counted where it is encoded, since there its window is known.
    }

    @Override
    public void shuffle(int partition, byte[] value) {
        throw new IllegalStateException("a dry run has no shuffle");
    }

    @Override
    public void late(SourceRecord record, Lateness lateness) {
        // The ledger counts it.
    }

    @Override
    public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
        throw new IllegalStateException("a dry run has no shuffle");
    }

    @Override
    public void deadLetter(SourceRecord record, Rejection rejection) {
        findings.deadLetter(record, source.partition(), rejection);
    }

    @Override
    public void state(byte[] key, byte @Nullable [] value) {
        findings.stateRecords++;
        findings.stateBytes += key.length + (value == null ? 0 : value.length);
    }
}
