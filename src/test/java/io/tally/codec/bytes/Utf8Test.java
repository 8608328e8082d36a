package io.tally.codec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Fuzz;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private final CharsetDecoder reference = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer sink = CharBuffer.allocate(64);

    @Test
    void agreesWithTheJdkOnEverySequenceOfThreeBytes() {
        byte[] bytes = new byte[3];
        for (int lead = 0x7F; lead <= 0xFF; lead++) {
            for (int rest = 0; rest <= 0xFFFF; rest++) {
                bytes[0] = (byte) lead;
                bytes[1] = (byte) (rest >> 8);
                bytes[2] = (byte) rest;
                if (Utf8.isValid(bytes, 0, 3) != jdkAccepts(bytes, 0, 3)) {
                    assertThat(bytes).as("judged differently by the JDK").isEmpty();
                }
            }
        }
    }

    @Test
    void agreesWithTheJdkOnRandomAndDamagedText() {
        Random random = Fuzz.random(getClass());
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1) >> (random.nextInt(3) * 6);
                text.appendCodePoint(codePoint >= 0xD800 && codePoint < 0xE000 ? 'x' : codePoint);
            }
            byte[] valid = text.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(Utf8.isValid(valid, 0, valid.length)).as(text.toString()).isTrue();

            byte[] bytes = Fuzz.mutate(random, valid);
            int start = random.nextInt(bytes.length + 1);
            int length = random.nextInt(bytes.length - start + 1);
            assertThat(Utf8.isValid(bytes, start, length))
                    .as(() -> java.util.HexFormat.of().formatHex(bytes, start, start + length))
                    .isEqualTo(jdkAccepts(bytes, start, length));
        }
    }

    private boolean jdkAccepts(byte[] bytes, int start, int length) {
        sink.clear();
        CharBuffer target = length > sink.capacity() ? CharBuffer.allocate(length) : sink;
        return !reference
                .reset()
                .decode(ByteBuffer.wrap(bytes, start, length), target, true)
                .isError();
    }
}
