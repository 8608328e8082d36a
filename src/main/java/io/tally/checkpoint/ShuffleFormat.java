package io.tally.checkpoint;

import io.tally.aggregate.DamagedException;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.util.HexFormat;

/**
 * The shuffle topic's records. Each holds what one source partition sends to one shuffle partition in one transaction,
 * or a part of that: partial aggregates, then how far the source partition is. There is one record for all keys, since
 * a record costs the producer, the broker and the consumer far more than its bytes do.
 *
 * <pre>
 * record   = version structure (8 bytes) source-partition source-partitions (unsigned) *partial [progress]
 * version  = %x01, or %x02 for totals with a ttl
 * partial  = 'P' times key accumulators (bytes)
 * times    = first-time (signed) time-span (unsigned), but in version 2
 *            watermark-at-first-event last-time-less-watermark (signed)
 * progress = ('W' | 'I') source-offset (unsigned) watermark (signed)
 * structure = the structure fingerprint of the configuration that made the partials
 * bytes    = length (unsigned) and so many bytes;  unsigned, signed = as StateOutput writes them
 * </pre>
 *
 * <p>{@code 'W'}: the source partition has sent everything for windows that end by the watermark. {@code 'I'}: the
 * same, and the source partition is idle.
 *
 * <p>Before there was version 2, records of totals with a ttl were of version 1, too. They are still read; the reader
 * then decides which total of a key takes such a partial.
 */
public final class ShuffleFormat {
    private static final int VERSION = 1;
    private static final int VERSION_BY_WATERMARK = 2;
    private static final int PARTIAL = 'P';
    private static final int WATERMARK = 'W';
    private static final int IDLE = 'I';

    private ShuffleFormat() {}

    /** Takes what {@link #read} finds in a record, in this order. */
    public interface Visitor {
        /**
         * Comes first.
         *
         * @param structure {@link Fingerprint#structure} of the configuration that made the partials
         * @param byWatermark whether the partials tell the watermark at their first event, in place of its time
         * @param partition the source partition that sent the record
         * @param partitions how many partitions the source has
         */
        void source(String structure, boolean byWatermark, int partition, int partitions);

        /**
         * A partial aggregate.
         *
         * @param first smallest event time in it, or the start of its slice, in milliseconds since the epoch; or the
         *     source partition's watermark at its first event
         * @param last greatest event time in it, or the start of its slice
         * @param record holds the key's bytes
         * @param accumulators positioned at the accumulators, to be read to the end
         */
        void partial(long first, long last, byte[] record, int keyStart, int keyLength, StateInput accumulators);

        /**
         * How far the source partition is.
         *
         * @param offset the next source offset
         * @param watermark {@link Long#MIN_VALUE} if the partition has none yet; only an idle partition reports that
         */
        void progress(long offset, long watermark, boolean idle);
    }

    /** Begins a record; see {@link Visitor#source}. */
    public static void begin(StateOutput out, String structure, boolean byWatermark, int partition, int partitions) {
        out.writeByte(byWatermark ? VERSION_BY_WATERMARK : VERSION);
        out.writeLong(Long.parseUnsignedLong(structure, 16));
        out.writeUnsigned(partition);
        out.writeUnsigned(partitions);
    }

    /**
     * Adds a partial aggregate; {@code accumulators} holds its accumulators. Times are of the kind that {@link #begin}
     * was told.
     */
    public static void partial(
            StateOutput out,
            boolean byWatermark,
            long first,
            long last,
            byte[] keyBuffer,
            int keyStart,
            int keyLength,
            StateOutput accumulators) {
        out.writeByte(PARTIAL);
        out.writeSigned(first);
        if (byWatermark) {
            out.writeSigned(last - first);
        } else {
            out.writeUnsigned(last - first);
        }
        out.writeUnsigned(keyLength);
        out.writeRaw(keyBuffer, keyStart, keyLength);
        out.writeBytes(accumulators);
    }

    /** Ends a record with how far the source partition is. */
    public static void progress(StateOutput out, long offset, long watermark, boolean idle) {
        out.writeByte(idle ? IDLE : WATERMARK);
        out.writeUnsigned(offset);
        out.writeSigned(watermark);
    }

    /**
     * Reads a record.
     *
     * @throws DamagedException if it is not of this format, or damaged; the visitor may have been called by then
     */
    public static void read(byte[] record, Visitor visitor) {
        StateInput in = new StateInput(record);
        int version = in.readByte();
        boolean byWatermark = version == VERSION_BY_WATERMARK;
        if (version != VERSION && !byWatermark) {
            throw new DamagedException("a record of format version " + version + ", and this version knows only "
                    + VERSION + " and " + VERSION_BY_WATERMARK);
        }
        String structure = HexFormat.of().toHexDigits(in.readLong());
        int partition = in.readSize();
        int partitions = in.readSize();
        if (partition >= partitions) {
            throw new DamagedException("a record of source partition " + partition + " of " + partitions);
        }
        visitor.source(structure, byWatermark, partition, partitions);
        while (in.remaining() > 0) {
            int item = in.readByte();
            switch (item) {
                case PARTIAL -> partial(record, in, byWatermark, visitor);
                case WATERMARK, IDLE -> {
                    visitor.progress(in.readUnsigned(), in.readSigned(), item == IDLE);
                    in.expectEnd();
                }
                default -> throw new DamagedException("an item of unknown kind " + item);
            }
        }
    }

    private static void partial(byte[] record, StateInput in, boolean byWatermark, Visitor visitor) {
        long first = in.readSigned();
        long last = first + (byWatermark ? in.readSigned() : in.readUnsigned());
        if (last < first && !byWatermark) {
            throw new DamagedException("a partial from " + first + " ms to " + last + " ms");
        }
        int keyLength = in.readSize();
        int keyStart = in.skip(keyLength);
        int length = in.readSize();
        int start = in.skip(length);
        visitor.partial(first, last, record, keyStart, keyLength, new StateInput(record, start, start + length));
    }
}
