package io.tally.aggregate.sketch;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.heap.HeapSizes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sketch of a set of texts. While there are few texts it keeps their hashes, ascending; beyond that it keeps
 * UltraLogLog's registers. Which of the two depends on the number of hashes alone, so equal sets have equal bytes. Most
 * keys of most pipelines see few values, and take 8 bytes for each instead of all registers.
 *
 * <p>UltraLogLog (Ertl, PVLDB 17/7, 2024) is HyperLogLog with a quarter less memory for the same error. Registers only
 * grow; merging takes their maximum. The estimator is a function of the registers. Estimators that follow the history
 * of updates (martingale, HIP) would be better by a sixth, but depend on the order.
 */
final class DistinctSketch {
    /** XXH3 with 64 bits: part of the durable form, pinned by a test. */
    private static final Hasher64 HASHER = Hashing.xxh3_64();
    /** Only damaged registers give a larger estimate. */
    private static final double MAX_ESTIMATE = 1e18;

    private static final long[] NONE = new long[0];
    private static final int FEW = 0;
    private static final int MANY = 1;

    private final int precision;
    private long[] hashes = NONE;
    private int size;
    private @Nullable UltraLogLog registers;

    DistinctSketch(int precision) {
        this.precision = precision;
    }

    /** The most hashes that are kept: they take half the memory of the registers. */
    static int few(int precision) {
        return 1 << (precision - 4);
    }

    void add(byte[] buffer, int start, int length) {
        add(HASHER.hashBytesToLong(buffer, start, length));
    }

    void add(DistinctSketch other) {
        if (other.registers != null) {
            many().add(other.registers);
            return;
        }
        for (int i = 0; i < other.size; i++) {
            add(other.hashes[i]);
        }
    }

    private void add(long hash) {
        if (registers != null) {
            registers.add(hash);
            return;
        }
        int found = Arrays.binarySearch(hashes, 0, size, hash);
        if (found >= 0) {
            return;
        }
        if (size == few(precision)) {
            many().add(hash);
            return;
        }
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, Math.min(few(precision), Math.max(2, 2 * size)));
        }
        int at = -found - 1;
        System.arraycopy(hashes, at, hashes, at + 1, size - at);
        hashes[at] = hash;
        size++;
    }

    /** Changes to registers, which are all that is kept from now on, and returns them. */
    private UltraLogLog many() {
        UltraLogLog result = registers;
        if (result == null) {
            result = UltraLogLog.create(precision);
            for (int i = 0; i < size; i++) {
                result.add(hashes[i]);
            }
            hashes = NONE;
            size = 0;
            registers = result;
        }
        return result;
    }

    long estimate() {
        return registers == null ? size : Math.round(registers.getDistinctCountEstimate());
    }

    /** Bytes that it takes of the heap. */
    long heapBytes() {
        long fields = HeapSizes.object(2 * Integer.BYTES + 2 * HeapSizes.REFERENCE);
        return registers == null
                ? fields + HeapSizes.longs(hashes.length)
                : fields + HeapSizes.object(HeapSizes.REFERENCE) + HeapSizes.bytes(1 << precision);
    }

    /** Grammar: {@code 0 number (unsigned) hashes (8 bytes each, ascending)}, or {@code 1 registers (2^precision)}. */
    void write(StateOutput out) {
        if (registers == null) {
            out.writeByte(FEW);
            out.writeUnsigned(size);
            for (int i = 0; i < size; i++) {
                out.writeLong(hashes[i]);
            }
        } else {
            out.writeByte(MANY);
            byte[] state = registers.getState();
            out.writeRaw(state, 0, state.length);
        }
    }

    static DistinctSketch read(int precision, StateInput in) {
        DistinctSketch sketch = new DistinctSketch(precision);
        if (in.readFlag()) {
            sketch.registers = readRegisters(precision, in);
            return sketch;
        }
        int size = in.readSize();
        if (size > few(precision)) {
            throw new IllegalStateException("a sketch of " + size + " hashes, more than " + few(precision));
        }
        for (int i = 0; i < size; i++) {
            sketch.add(in.readLong());
        }
        if (sketch.size != size) {
            throw new IllegalStateException("a sketch with a hash twice");
        }
        return sketch;
    }

    private static UltraLogLog readRegisters(int precision, StateInput in) {
        byte[] state = new byte[1 << precision];
        for (int i = 0; i < state.length; i++) {
            state[i] = (byte) in.readByte();
        }
        UltraLogLog registers = UltraLogLog.wrap(state);
        double estimate = registers.getDistinctCountEstimate();
        if (!(estimate <= MAX_ESTIMATE)) {
            throw new IllegalStateException("a sketch of " + estimate + " values");
        }
        return registers;
    }
}
