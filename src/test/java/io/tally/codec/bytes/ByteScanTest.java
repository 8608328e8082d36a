package io.tally.codec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Fuzz;
import io.tally.codec.TestRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteScanTest {
    @Test
    void answersAsALoopDoes() {
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 50_000; round++) {
            // Few different values, chosen around the borrows of the eight-byte trick.
            byte[] values = {0, 1, ' ', '!', 0x7F, (byte) 0x80, (byte) 0x81, (byte) 0xFF};
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = values[random.nextInt(random.nextBoolean() ? values.length : 5)];
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            byte wanted = values[random.nextInt(values.length)];

            assertThat(ByteScan.indexOf(bytes, from, to, wanted)).isEqualTo(naiveIndexOf(bytes, from, to, wanted));
            byte another = values[random.nextInt(values.length)];
            assertThat(ByteScan.indexOfEither(bytes, from, to, wanted, another))
                    .isEqualTo(Math.min(naiveIndexOf(bytes, from, to, wanted), naiveIndexOf(bytes, from, to, another)));
            assertThat(ByteScan.contains(bytes, from, to, wanted))
                    .isEqualTo(naiveIndexOf(bytes, from, to, wanted) < to);
            assertThat(ByteScan.isAscii(bytes, from, to)).isEqualTo(naiveIsAscii(bytes, from, to));

            byte[] other = Arrays.copyOfRange(bytes, from, to);
            assertThat(ByteScan.equal(bytes, from, other, 0, other.length)).isTrue();
            if (other.length > 0) {
                other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
                assertThat(ByteScan.equal(bytes, from, other, 0, other.length)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'a', 1",
        "'a\n', 1",
        "'a\r\n', 1",
        "'a\r', 1",
        "'a\r\r\n', 1",
        "'a\n\n', 1",
        "'a\nb\n', 3",
        "'\n', 0",
        "'\r\n', 0"
    })
    void dropsLineEnds(String text, int length) {
        ByteRange range = TestRecord.amidst(text.getBytes(StandardCharsets.US_ASCII));
        assertThat(ByteScan.withoutLineEnds(range) - range.start()).isEqualTo(length);
    }

    private static int naiveIndexOf(byte[] bytes, int from, int to, byte wanted) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return to;
    }

    private static boolean naiveIsAscii(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
