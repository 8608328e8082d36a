package io.tally.command.explain;

import io.tally.checkpoint.CommitMetadata;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.pipeline.log.LogException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An offset that the pipeline has committed, with what its metadata said.
 *
 * @param time when the broker wrote it, a moment before its transaction was committed; milliseconds since the epoch
 * @param rowsLeft how many rows of the window that closes next had left
 * @param writer transactional id of the lane that committed it
 */
record PastCommit(long time, long offset, long watermark, int rowsLeft, String writer) {
    /**
     * Where Kafka keeps committed offsets, each until compaction finds a later one of its key. The grammar, all numbers
     * big-endian:
     *
     * <pre>
     * key    = version:int16 (0 or 1) group:text topic:text partition:int32
     * value  = version:int16 (0 to 4) offset:int64 [epoch:int32, from 3 on] metadata:text more
     * text   = length:int16 UTF-8; in values from 4 on, (length + 1):varint UTF-8
     * </pre>
     *
     * Keys with a greater version are of other kinds of records.
     */
    static final String TOPIC = "__consumer_offsets";

    private static final short LAST_KEY = 1;
    private static final short WITH_EPOCH = 3;
    private static final short LAST_VALUE = 4;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 0x80;

    /** The partition of the topic that has the commits of a group. */
    static int partitionOf(String group, int partitions) {
        int hash = group.hashCode();
        return hash == Integer.MIN_VALUE ? 0 : Math.abs(hash) % partitions;
    }

    /** What follows on the version in the keys of a partition's commits. */
    static byte[] keyOf(String group, String topic, int partition) {
        byte[] groupBytes = group.getBytes(StandardCharsets.UTF_8);
        byte[] topicBytes = topic.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Short.BYTES + groupBytes.length + Short.BYTES + topicBytes.length + Integer.BYTES)
                .putShort((short) groupBytes.length)
                .put(groupBytes)
                .putShort((short) topicBytes.length)
                .put(topicBytes)
                .putInt(partition)
                .array();
    }

    /**
     * Reads one.
     *
     * @param wanted its key, as of {@link #keyOf}
     * @return null if the record is something else, or not of Tally
     * @throws LogException if it is written in a way that this version does not know
     */
    static @Nullable PastCommit of(SourceRecord record, byte[] wanted) {
        ByteRange key = record.key();
        ByteRange value = record.value();
        if (key == null || value == null || !isOf(key, wanted)) {
            return null;
        }
        try {
            return read(ByteBuffer.wrap(value.bytes(), value.start(), value.length()), record.timestamp());
        } catch (BufferUnderflowException e) {
            throw new LogException("a record there ends too early, at its offset " + record.offset(), e);
        }
    }

    private static @Nullable PastCommit read(ByteBuffer bytes, long time) {
        short version = bytes.getShort();
        if (version < 0 || version > LAST_VALUE) {
            throw new LogException("offsets are written there in version " + version
                    + ", and this Tally knows only 0 to " + LAST_VALUE);
        }
        long offset = bytes.getLong();
        if (version >= WITH_EPOCH) {
            bytes.getInt();
        }
        byte[] text = new byte[version < LAST_VALUE ? bytes.getShort() : varint(bytes) - 1];
        bytes.get(text);
        try {
            CommitMetadata metadata = CommitMetadata.parse(new String(text, StandardCharsets.UTF_8));
            return new PastCommit(time, offset, metadata.watermark(), metadata.rowsLeft(), metadata.transactionalId());
        } catch (IllegalArgumentException e) {
            // Somebody has set the offset by hand, or another version was at work.
            return null;
        }
    }

    private static boolean isOf(ByteRange key, byte[] wanted) {
        if (key.length() != Short.BYTES + wanted.length) {
            return false;
        }
        short version = ByteBuffer.wrap(key.bytes()).getShort(key.start());
        return version >= 0
                && version <= LAST_KEY
                && Arrays.equals(key.bytes(), key.start() + Short.BYTES, key.end(), wanted, 0, wanted.length);
    }

    private static int varint(ByteBuffer bytes) {
        int number = 0;
        int shift = 0;
        while (true) {
            byte next = bytes.get();
            number |= (next & (VARINT_MORE - 1)) << shift;
            if ((next & VARINT_MORE) == 0) {
                return number;
            }
            shift += VARINT_BITS;
        }
    }
}
