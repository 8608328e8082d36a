package io.tally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.Event;
import io.tally.codec.TestRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.key.Partitioner;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class KeyPlacesTest {
    private static final int PARTITIONS = 4;

    private final KeyPlaces places = new KeyPlaces(KeyPlaces.Action.REFUSE, true);
    private long offset;

    @Test
    void aKeyInTwoPartitionsIsRefusedInAllOfThem() {
        int java = place(Partitioner.MURMUR2, "k");
        int other = place(Partitioner.CRC32, "k");
        see("k", java);
        see("k", java);
        see("other", 0);
        see("k", other);
        assertAllowed();
        see("k", other);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            SourcePartition source = source(partition);
            assertThatThrownBy(() -> places.requireNoProof(source))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("the key of source-" + other + "@4 came in partitions ["
                            + Math.min(java, other) + ", " + Math.max(java, other))
                    .hasMessageNotContaining("'k'")
                    .hasMessageContaining(java + " is where murmur2, the default of Java clients, puts it")
                    .hasMessageContaining(other + " is where crc32, the default of librdkafka's clients, puts it")
                    .hasMessageContaining("tally.pipelines.p.shuffle=always");
        }
    }

    /** A record sent to each partition by hand is named, and stops nothing; nor does what is read again. */
    @Test
    void oneRecordInEachPartitionIsWarnedOf(CapturedOutput output) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            see("close", partition);
        }
        offset--;
        see("close", PARTITIONS - 1);
        assertAllowed();
        assertThat(output)
                .containsOnlyOnce("the key of source-1@1 came in partitions [0, 1]")
                .doesNotContain("close");
        assertThat(places.findings())
                .singleElement()
                .asString()
                .startsWith("the key of source-1@1 came in partitions [0, 1]")
                .endsWith("(tally.pipelines.p.shuffle=always)");
        see("another", 0);
        see("another", 1);
        assertThat(places.findings()).singleElement().asString().endsWith("So many keys are known: 2");
    }

    @Test
    void keysInTheirPartitionsAreNoTrouble(CapturedOutput output) {
        for (int i = 0; i < 100_000; i++) {
            see("key-" + i % 50_000, (i % 50_000) % PARTITIONS);
        }
        assertAllowed();
        assertThat(output).doesNotContain("came in partitions", "partitioners wrote them");
        assertThat(places.findings()).isEmpty();
    }

    /** Keys of their own each, so that none is seen in two partitions yet. */
    @Test
    void twoPartitionersAreRecognised(CapturedOutput output) {
        for (int i = 0; i < 2 * KeyKinds.KEYS; i++) {
            String key = "key-" + i;
            see(key, place(i % 2 == 0 ? Partitioner.MURMUR2 : Partitioner.CRC32, key));
        }
        assertAllowed();
        assertThat(output).containsOnlyOnce("as if producers with different partitioners wrote them");
        assertThat(places.findings())
                .singleElement()
                .asString()
                .contains("as if producers with different partitioners wrote them");
    }

    @Test
    void onePartitionerIsAsItShouldBe(CapturedOutput output) {
        for (int i = 0; i < 2 * KeyKinds.KEYS; i++) {
            String key = "key-" + i;
            see(key, place(Partitioner.CRC32, key));
        }
        assertThat(output).doesNotContain("partitioners wrote them");
    }

    private void assertAllowed() {
        assertThatCode(() -> places.requireNoProof(source(0))).doesNotThrowAnyException();
    }

    private void see(String key, int partition) {
        ByteRange bytes = ByteRange.of(key.getBytes(StandardCharsets.UTF_8));
        Event event = new Event(0);
        event.key(bytes.bytes(), bytes.start(), bytes.length());
        places.see(new TestRecord(offset++, 0, bytes, null, partition, PARTITIONS), event, source(partition));
    }

    private static int place(Partitioner partitioner, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return partitioner.partition(bytes, 0, bytes.length, PARTITIONS);
    }

    private static SourcePartition source(int partition) {
        return new SourcePartition("p", "group", "source", "id", partition, PARTITIONS, false, "state", null);
    }
}
