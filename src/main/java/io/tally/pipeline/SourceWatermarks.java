package io.tally.pipeline;

import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.status.SlowestSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far each source partition is, as one partition of the shuffle topic tells it. What a merge may close follows: the
 * minimum over all source partitions that are not idle, and nothing until each of them has reported (Flink's and the
 * Dataflow model's watermark of a shuffle). So a partition that is slow, or read anew from its beginning, holds windows
 * open instead of coming late.
 *
 * <p>Part of the durable state, like the entries: written now and then, and brought up to date by replay. Confined to
 * one thread.
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
     * Takes note of a report.
     *
     * @param partition the source partition that it is about
     * @param partitions how many the source has; a source that has grown makes all wait for the new ones
     * @param sourceOffset the partition's next offset
     * @param time when it was reported, milliseconds since the epoch
     * @param offset where in the shuffle topic it stands
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

    /** As {@link #report}, unless what was restored knows it already. */
    void replay(
            int partition, int partitions, long sourceOffset, long watermark, boolean idle, long time, long offset) {
        if (offset >= appliedUpTo) {
            report(partition, partitions, sourceOffset, watermark, idle, time, offset);
        }
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
     * The watermark of all together; {@link WindowEngine#NO_WATERMARK} while it waits, or if there is none. If all are
     * idle it is the highest of them, in whatever order they fell idle.
     */
    long merged() {
        int slowest = slowest();
        if (slowest < 0) {
            return Arrays.stream(watermarks).max().orElse(WindowEngine.NO_WATERMARK);
        }
        return states[slowest] == SILENT ? WindowEngine.NO_WATERMARK : watermarks[slowest];
    }

    /** Whether all source partitions are idle, so that nothing is to be waited for. */
    boolean isAllIdle() {
        return states.length > 0 && slowest() < 0;
    }

    /** The partition that holds all back, and what is known of it; null if all are idle or none is known. */
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

    /** Offset of the oldest report that the state topic does not have, {@link WindowEngine#NOTHING_DIRTY} if none. */
    long dirtySince() {
        return dirtySince == CLEAN ? WindowEngine.NOTHING_DIRTY : dirtySince;
    }

    /** Up to which offset the state topic's version is complete; negative if it has none. */
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
