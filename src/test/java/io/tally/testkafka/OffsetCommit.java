package io.tally.testkafka;

import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.jspecify.annotations.Nullable;

/**
 * An offset that was committed, as Kafka's own classes read it from the broker's topic.
 *
 * @param time when the broker wrote it, milliseconds since the epoch
 */
public record OffsetCommit(String group, String topic, int partition, long offset, String metadata, long time) {
    /** Where they are. */
    public static final String TOPIC = "__consumer_offsets";

    /** Records of other kinds have greater numbers. */
    private static final short KIND = 1;

    private static final short WITH_EPOCH = 3;

    /** Reads one; null if the record is none. */
    public static @Nullable OffsetCommit of(ConsumerRecord<byte[], byte[]> record) {
        ByteBuffer key = ByteBuffer.wrap(record.key());
        if (key.getShort() > KIND || record.value() == null) {
            return null;
        }
        OffsetCommitKey of = new OffsetCommitKey(new ByteBufferAccessor(key), (short) 0);
        ByteBuffer bytes = ByteBuffer.wrap(record.value());
        short version = bytes.getShort();
        OffsetCommitValue value = new OffsetCommitValue(new ByteBufferAccessor(bytes), version);
        return new OffsetCommit(
                of.group(), of.topic(), of.partition(), value.offset(), value.metadata(), record.timestamp());
    }

    /** The key under which brokers write one. */
    public static byte[] key(String group, String topic, int partition) {
        OffsetCommitKey key =
                new OffsetCommitKey().setGroup(group).setTopic(topic).setPartition(partition);
        byte[] rest = bytes(MessageUtil.toByteBufferAccessor(key, (short) 0).buffer());
        return ByteBuffer.allocate(Short.BYTES + rest.length)
                .putShort(KIND)
                .put(rest)
                .array();
    }

    /** The value that they write in a version. */
    public static byte[] value(short version, long offset, String metadata) {
        OffsetCommitValue value = new OffsetCommitValue()
                .setOffset(offset)
                .setLeaderEpoch(version < WITH_EPOCH ? -1 : 7)
                .setMetadata(metadata)
                .setCommitTimestamp(1);
        return bytes(MessageUtil.toVersionPrefixedByteBuffer(version, value));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
