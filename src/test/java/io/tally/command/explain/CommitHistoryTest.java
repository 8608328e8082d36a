package io.tally.command.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Fingerprint;
import io.tally.checkpoint.Ledger;
import io.tally.command.MemoryLog;
import io.tally.command.explain.CommitHistory.UnknownCommitException;
import io.tally.command.recount.Patience;
import io.tally.pipeline.log.LogException;
import io.tally.testkafka.OffsetCommit;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a group's commits is read as Kafka has written it, and only what it proves is said. */
class CommitHistoryTest {
    private static final String GROUP = "group";
    private static final String SOURCE = "source";
    private static final int PARTITIONS = 5;
    private static final int HOME = PastCommit.partitionOf(GROUP, PARTITIONS);

    private final MemoryLog log = new MemoryLog().topic(PastCommit.TOPIC, PARTITIONS);
    private final ReadLog read = new ReadLog(log);

    private static byte[] key(String topic, int partition) {
        return OffsetCommit.key(GROUP, topic, partition);
    }

    private static String metadata(long offset, long watermark, String writer) {
        return new CommitMetadata(
                        offset, watermark, offset, null, 0, Ledger.EMPTY, 0, 0, new Fingerprint("00", "11"), writer)
                .format();
    }

    /** A commit of partition 0, and one of another before it. */
    private void commit(long time, long offset, long watermark, String writer) {
        log.append(PastCommit.TOPIC, HOME, time, key(SOURCE, 1), OffsetCommit.value((short) 3, offset, ""), Map.of());
        byte[] value = OffsetCommit.value((short) 3, offset, metadata(offset, watermark, writer));
        log.append(PastCommit.TOPIC, HOME, time, key(SOURCE, 0), value, Map.of());
    }

    private PastCommit first(long time, long watermark) throws UnknownCommitException {
        return new CommitHistory(GROUP, SOURCE, 0, read, Patience.ENDLESS)
                .first(time, commit -> commit.watermark() >= watermark);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3, 4})
    void readsWhatKafkaWrites(short version) {
        String metadata = metadata(17, 42, "group:a:0");
        byte[] value = OffsetCommit.value(version, 17, metadata);
        byte[] wanted = PastCommit.keyOf(GROUP, SOURCE, 0);
        log.append(PastCommit.TOPIC, 0, 5, key(SOURCE, 0), value, Map.of());
        log.append(PastCommit.TOPIC, 0, 5, key(SOURCE, 0), OffsetCommit.value(version, 18, "set by hand"), Map.of());
        log.append(PastCommit.TOPIC, 0, 5, key(SOURCE, 0), null, Map.of());
        log.append(PastCommit.TOPIC, 0, 5, key(SOURCE, 3), value, Map.of());
        log.append(PastCommit.TOPIC, 0, 5, key("other", 0), value, Map.of());
        log.append(PastCommit.TOPIC, 0, 5, new byte[] {0, 2, 0, 0}, value, Map.of());

        PastCommit[] found = new PastCommit[6];
        log.read(PastCommit.TOPIC, 0, log.range(PastCommit.TOPIC, 0), record -> {
            found[(int) record.offset()] = PastCommit.of(record, wanted);
            return true;
        });
        assertThat(found).containsExactly(new PastCommit(5, 17, 42, 0, "group:a:0"), null, null, null, null, null);
    }

    @Test
    void saysThatItDoesNotKnowALaterVersion() {
        byte[] value = OffsetCommit.value((short) 4, 17, metadata(17, 42, "group:a:0"));
        value[1] = 9;
        log.append(PastCommit.TOPIC, HOME, 5, key(SOURCE, 0), value, Map.of());
        assertThatThrownBy(() -> first(5, 0))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("version 9, and this Tally knows only 0 to 4");
        log.topic(PastCommit.TOPIC, PARTITIONS);
        log.append(PastCommit.TOPIC, HOME, 5, key(SOURCE, 0), new byte[] {0, 3, 1}, Map.of());
        assertThatThrownBy(() -> first(5, 0)).isInstanceOf(LogException.class).hasMessageContaining("ends too early");
    }

    @Test
    void finds() throws UnknownCommitException {
        for (int i = 0; i < 40_000; i++) {
            commit(100L * i, i, i, "group:" + (i < 30_000 ? "a" : "b") + ":0");
        }
        assertThat(first(2_999_900, 29_999)).isEqualTo(new PastCommit(2_999_900, 29_999, 29_999, 0, "group:a:0"));
        assertThat(read.records).as("read").isLessThan(2_000);
        assertThat(first(3_000_000, 30_000).writer()).isEqualTo("group:b:0");
        // A clock that is an hour wrong, either way.
        for (long wrong : new long[] {-1_000_000, 900_000}) {
            assertThat(first(3_000_000 + wrong, 30_000).offset()).isEqualTo(30_000);
        }
        // Long silence before.
        log.append(PastCommit.TOPIC, HOME, 90_000_000, key(SOURCE, 1), null, Map.of());
        commit(90_000_000, 50_000, 50_000, "group:c:0");
        assertThat(first(90_000_000, 40_500).offset()).isEqualTo(50_000);
    }

    /** Of what compaction has passed over the last is left, and nobody knows what was before. */
    @Test
    void doesNotTakeTheFirstThatIsLeftForTheOneThatBroughtIt() throws UnknownCommitException {
        for (int i = 0; i < 100; i++) {
            commit(100L * i, i, i, "group:a:0");
        }
        log.records(PastCommit.TOPIC, HOME).removeIf(entry -> entry.offset() < 2 * 60 + 1);
        assertThat(Objects.requireNonNull(first(6_100, 61)).offset()).isEqualTo(61);
        for (long reached : new long[] {60, 30}) {
            assertThatThrownBy(() -> first(100 * reached, reached))
                    .isInstanceOf(UnknownCommitException.class)
                    .hasMessageContaining(PastCommit.TOPIC + "-" + HOME + " no longer has it");
        }
        assertThatThrownBy(() -> first(9_990, 100))
                .isInstanceOf(UnknownCommitException.class)
                .hasMessageContaining("does not have it yet");
    }

    @Test
    void readsOnlySoMuch() {
        for (int i = 0; i < 110_000; i++) {
            log.append(PastCommit.TOPIC, HOME, i, key(SOURCE, 1), null, Map.of());
        }
        assertThatThrownBy(() -> first(0, 0))
                .isInstanceOf(UnknownCommitException.class)
                .hasMessageContaining("not among the 100000 records");
        assertThat(read.records).isEqualTo(100_000);
    }
}
