package io.tally.codec.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Fuzz;
import io.tally.codec.TestRecord;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class PartitionerTest {
    @Test
    void murmur2IsThatOfTheClient() {
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 10_000; round++) {
            byte[] key = new byte[random.nextInt(20)];
            random.nextBytes(key);
            byte[] around = TestRecord.amidst(key).bytes();
            int start = TestRecord.amidst(key).start();
            int partitions = 1 + random.nextInt(100);
            assertThat(Partitioner.MURMUR2.partition(around, start, key.length, partitions))
                    .isEqualTo(Utils.toPositive(Utils.murmur2(key)) % partitions);
        }
    }

    /** The check values that CRC-32/ISO-HDLC and FNV-1a are published with. */
    @Test
    void theOthersAreAsPublished() {
        assertThat(Partitioner.CRC32.hash(bytes("123456789"), 0, 9)).isEqualTo(0xCBF43926);
        assertThat(Partitioner.FNV1A.hash(bytes("foobar"), 0, 6)).isEqualTo(Math.abs(0xbf9cf968));
        assertThat(Partitioner.FNV1A.hash(bytes(""), 0, 0)).isEqualTo(Math.abs(0x811c9dc5));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
