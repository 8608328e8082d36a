package io.tally.pipeline;

import java.util.zip.CRC32C;

/**
 * The shuffle partition of a key, by a checksum that every version and platform computes alike, since all partials of a
 * key must meet. Confined to one thread.
 */
public final class ShufflePartitioner {
    private final CRC32C crc = new CRC32C();
    private final int partitions;

    /** @param partitions number of partitions of the shuffle topic, at least 1 */
    public ShufflePartitioner(int partitions) {
        this.partitions = partitions;
    }

    public int partition(byte[] bytes, int start, int length) {
        crc.reset();
        crc.update(bytes, start, length);
        return (int) (crc.getValue() % partitions);
    }
}
