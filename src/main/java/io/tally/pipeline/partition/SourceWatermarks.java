package io.tally.pipeline.partition;

import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.status.SlowestSource;
import io.tally.pipeline.status.SourceReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far each source partition is, according to the reports in one partition of the shuffle topic. That decides what a
 * merge may close. Its watermark is the minimum over all source partitions that are not idle (as in Flink and the
 * Dataflow model). There is none until each of them has reported. So a partition that is slow, or read anew from its
 * beginning, holds windows open, and its records are not late.
 *
 * <p>It is part of the durable state, like the entries: it is written now and then, and a replay brings it up to date.
 * Confined to one thread.
 */
final class SourceWatermarks {
    private static final int SILENT = 0;
    private static final int RUNNING = 1;
    private static final int IDLE = 2;
    private static final long CLEAN = Long.MAX_VALUE;

    private int[] states = new int[0];
    private long[] watermarks = new long[0];
    private long[] offsets = new long[0];
    private long[] times = new long[0];
    private long appliedUpTo = -1;
    private long dirtySince = CLEAN;

    /**
     * Notes a report.
     *
     * @param partition the source partition that reports
     * @param partitions how many partitions the source has; if it has grown, all wait for the new ones
     * @param sourceOffset the partition's next offset
     * @param time when it was reported, milliseconds since the epoch
     * @param offset offset of the report in the shuffle topic
     */
    void report(
            int partition, int partitions, long sourceOffset, long watermark, boolean idle, long time, long offset) {
        grow(partitions);
        states[partition] = idle ? IDLE : RUNNING;
        watermarks[partition] = watermark;
        offsets[partition] = sourceOffset;
        times[partition] = time;
        dirtySince = Math.min(dirtySince, offset);
    }

    /** As {@link #report}, unless the restored state already has this report. */
    void replay(
            int partition, int partitions, long sourceOffset, long watermark, boolean idle, long time, long offset) {
        if (offset >= appliedUpTo) {
            report(partition, partitions, sourceOffset, watermark, idle, time, offset);
        }
    }

    /**
     * Sets back to a time every watermark that is after it, until its partition reports again. The state topic has yet
     * to learn of it.
     *
     * @param offset of the last record of the shuffle topic that was read
     */
    void setBack(long time, long offset) {
        for (int i = 0; i < watermarks.length; i++) {
            watermarks[i] = Math.min(watermarks[i], time);
        }
        dirtySince = Math.min(dirtySince, offset);
    }

    private void grow(int partitions) {
        if (partitions > states.length) {
            states = Arrays.copyOf(states, partitions);
            watermarks = Arrays.copyOf(watermarks, partitions);
            offsets = Arrays.copyOf(offsets, partitions);
            times = Arrays.copyOf(times, partitions);
        }
    }

    /**
     * The watermark over all source partitions; {@link WindowEngine#NO_WATERMARK} if there is none, or while some have
     * yet to report. If all are idle it is the highest of them, whatever the order in which they fell idle.
     */
    long merged() {
        int slowest = slowest();
        if (slowest < 0) {
            return Arrays.stream(watermarks).max().orElse(WindowEngine.NO_WATERMARK);
        }
        return states[slowest] == SILENT ? WindowEngine.NO_WATERMARK : watermarks[slowest];
    }

    /** Whether all source partitions are idle, so that there is nothing to wait for. */
    boolean isAllIdle() {
        return states.length > 0 && slowest() < 0;
    }

    /** The partition that holds the watermark back, and what is known of it; null if all are idle or none is known. */
    @Nullable
    SlowestSource slowestSource() {
        int slowest = slowest();
        if (slowest < 0) {
            return null;
        }
        return states[slowest] == SILENT
                ? new SlowestSource(slowest, null, null, null)
                : new SlowestSource(slowest, watermarks[slowest], offsets[slowest], times[slowest]);
    }

    /** How far each of them is, by number. */
    List<SourceReport> reports() {
        List<SourceReport> reports = new ArrayList<>(states.length);
        for (int i = 0; i < states.length; i++) {
            reports.add(
                    states[i] == SILENT
                            ? new SourceReport(i, null, null, null, false)
                            : new SourceReport(i, watermarks[i], offsets[i], times[i], states[i] == IDLE));
        }
        return reports;
    }

    private int slowest() {
        int slowest = -1;
        for (int i = 0; i < states.length; i++) {
            if (states[i] == SILENT) {
                return i;
            }
            if (states[i] == RUNNING && (slowest < 0 || watermarks[i] < watermarks[slowest])) {
                slowest = i;
            }
        }
        return slowest;
    }

    /**
     * Offset of the oldest report that the state topic does not have; {@link WindowEngine#NOTHING_DIRTY} if there is
     * none.
     */
    long dirtySince() {
        return dirtySince == CLEAN ? WindowEngine.NOTHING_DIRTY : dirtySince;
    }

    /** The offset up to which the state topic's version is complete; negative if there is none. */
    long appliedUpTo() {
        return appliedUpTo;
    }

    void written(long upTo) {
        appliedUpTo = upTo;
        dirtySince = CLEAN;
    }

    void write(StateOutput out) {
        out.writeUnsigned(states.length);
        for (int i = 0; i < states.length; i++) {
            out.writeByte(states[i]);
            if (states[i] != SILENT) {
                out.writeSigned(watermarks[i]);
                out.writeUnsigned(offsets[i]);
                out.writeSigned(times[i]);
            }
        }
    }

    /** @throws IllegalStateException if it is not what {@link #write} wrote */
    void restore(StateInput in, long upTo) {
        int partitions = in.readSize();
        if (partitions > in.remaining()) {
            throw new IllegalStateException(partitions + " source partitions in " + in.remaining() + " bytes");
        }
        grow(partitions);
        for (int i = 0; i < partitions; i++) {
            int state = in.readByte();
            if (state > IDLE) {
                throw new IllegalStateException("source partition " + i + " in the unknown state " + state);
            }
            states[i] = state;
            if (state != SILENT) {
                watermarks[i] = in.readSigned();
                offsets[i] = in.readUnsigned();
                times[i] = in.readSigned();
            }
        }
        in.expectEnd();
        appliedUpTo = upTo;
    }
}
