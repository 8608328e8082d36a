package io.tally.codec.key;

/**
 * How producers choose the partition of a record key, named as in their clients. Two partitioners agree on a key only
 * by chance. So a topic that producers with different ones write to has keys in two partitions.
 */
public enum Partitioner {
    /** The default of Java's clients, and of clients in other languages that follow it. */
    MURMUR2("murmur2, the default of Java clients") {
        @Override
        int hash(byte[] key, int start, int length) {
            return murmur2(key, start, length) & Integer.MAX_VALUE;
        }
    },
    /** The default of librdkafka, which clients for C, C++, Python, .NET, PHP and Ruby use, and Confluent's for Go. */
    CRC32("crc32, the default of librdkafka's clients") {
        @Override
        int hash(byte[] key, int start, int length) {
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(key, start, length);
            return (int) crc.getValue();
        }
    },
    /** The default of Sarama, a client of Go. */
    FNV1A("fnv1a, the default of Sarama") {
        @Override
        int hash(byte[] key, int start, int length) {
            int hash = 0x811c9dc5;
            for (int i = start; i < start + length; i++) {
                hash = (hash ^ (key[i] & 0xFF)) * 0x01000193;
            }
            // Sarama and librdkafka take the absolute value of the signed number.
            return Math.abs(hash);
        }
    };

    private final String description;

    Partitioner(String description) {
        this.description = description;
    }

    /** The partition in which a key belongs. */
    public int partition(byte[] key, int start, int length, int partitions) {
        return Integer.remainderUnsigned(hash(key, start, length), partitions);
    }

    /** Its name and whose default it is. */
    public String description() {
        return description;
    }

    /** The hash, to be read as an unsigned number. */
    abstract int hash(byte[] key, int start, int length);

    /** MurmurHash2 of Austin Appleby, 32 bits, with the seed that Kafka's clients use. */
    private static int murmur2(byte[] key, int start, int length) {
        int m = 0x5bd1e995;
        int hash = 0x9747b28c ^ length;
        int end = start + length;
        int i = start;
        for (; i + 4 <= end; i += 4) {
            int k = (key[i] & 0xFF) | (key[i + 1] & 0xFF) << 8 | (key[i + 2] & 0xFF) << 16 | (key[i + 3] & 0xFF) << 24;
            k *= m;
            k ^= k >>> 24;
            hash = hash * m ^ k * m;
        }
        if (i < end) {
            for (int shift = 0; i < end; i++, shift += 8) {
                hash ^= (key[i] & 0xFF) << shift;
            }
            hash *= m;
        }
        hash ^= hash >>> 13;
        hash *= m;
        return hash ^ hash >>> 15;
    }
}
