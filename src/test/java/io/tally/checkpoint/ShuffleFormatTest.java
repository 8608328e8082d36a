package io.tally.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The records between the stages of a shuffle, pinned to the byte: the stages may be of different versions. */
class ShuffleFormatTest {
    private static final String GOLDEN = "01" + "89a07d0f04d6edf5" + "03" + "04" // version, structure, partition 3 of 4
            + "50" + "9003" + "f403" + "026b31" + "022a07" // 'P' from 200 for 500 ms, "k1", two bytes
            + "57" + "ac02" + "c7b901"; // 'W' offset 300, watermark -11876

    private static final String GOLDEN_BY_WATERMARK = "02" + "89a07d0f04d6edf5" + "03" + "04"
            + "50" + "9003" + "e707" + "026b31" + "022a07" // 'P' from the watermark 200, last event at -300
            + "57" + "ac02" + "c7b901";

    @Test
    void staysAsItIs() {
        assertThat(HexFormat.of().formatHex(record(false, 700))).isEqualTo(GOLDEN);
        assertThat(read(HexFormat.of().parseHex(GOLDEN)))
                .containsExactly(
                        "89a07d0f04d6edf5 source 3 of 4", "partial 200 to 700 k1 2a07", "progress 300 -11876 false");
        assertThat(HexFormat.of().formatHex(record(true, -300))).isEqualTo(GOLDEN_BY_WATERMARK);
        assertThat(read(HexFormat.of().parseHex(GOLDEN_BY_WATERMARK)))
                .containsExactly(
                        "89a07d0f04d6edf5 by watermark source 3 of 4",
                        "partial 200 to -300 k1 2a07",
                        "progress 300 -11876 false");
    }

    private static byte[] record(boolean byWatermark, long last) {
        StateOutput out = new StateOutput();
        ShuffleFormat.begin(out, "89a07d0f04d6edf5", byWatermark, 3, 4);
        StateOutput accumulators = new StateOutput();
        accumulators.writeByte(42);
        accumulators.writeByte(7);
        byte[] key = "xk1".getBytes(StandardCharsets.UTF_8);
        ShuffleFormat.partial(out, byWatermark, 200, last, key, 1, 2, accumulators);
        ShuffleFormat.progress(out, 300, -11_876, false);
        return out.toByteArray();
    }

    @Test
    void readsIdlenessWithoutAWatermark() {
        StateOutput out = new StateOutput();
        ShuffleFormat.begin(out, "0000000000000001", false, 0, 1);
        ShuffleFormat.progress(out, 0, Long.MIN_VALUE, true);
        assertThat(read(out.toByteArray()))
                .containsExactly("0000000000000001 source 0 of 1", "progress 0 " + Long.MIN_VALUE + " true");
    }

    @Test
    void tellsWhatItDoesNotKnow() {
        assertThatThrownBy(() -> read(new byte[] {3, 0, 1}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format version 3");
        assertThatThrownBy(() -> read(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4}))
                .hasMessageContaining("source partition 4 of 4");
        assertThatThrownBy(() -> read(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'Z'}))
                .hasMessageContaining("unknown kind 90");
        assertThatThrownBy(() -> read(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'W', 0, 0, 'P'}))
                .hasMessageContaining("unexpected bytes");
    }

    /** Whatever a record contains, reading ends, and throws no other exception. */
    @Test
    void survivesDamage() {
        byte[] sound = HexFormat.of().parseHex(GOLDEN);
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(sound, random.nextInt(sound.length + 1));
            for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                read(damaged);
            } catch (IllegalStateException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private static List<String> read(byte[] record) {
        List<String> found = new ArrayList<>();
        ShuffleFormat.read(record, new ShuffleFormat.Visitor() {
            @Override
            public void source(String structure, boolean byWatermark, int partition, int partitions) {
                found.add(structure + (byWatermark ? " by watermark" : "") + " source " + partition + " of "
                        + partitions);
            }

            @Override
            public void partial(long first, long last, byte[] bytes, int start, int length, StateInput accumulators) {
                byte[] rest = new byte[accumulators.remaining()];
                for (int i = 0; i < rest.length; i++) {
                    rest[i] = (byte) accumulators.readByte();
                }
                found.add("partial " + first + " to " + last + " "
                        + new String(bytes, start, length, StandardCharsets.UTF_8) + " "
                        + HexFormat.of().formatHex(rest));
            }

            @Override
            public void progress(long offset, long watermark, boolean idle) {
                found.add("progress " + offset + " " + watermark + " " + idle);
            }
        });
        return found;
    }
}
