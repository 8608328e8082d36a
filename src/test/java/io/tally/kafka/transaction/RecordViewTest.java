package io.tally.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tally.codec.bytes.ByteRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordViewTest {
    private final RecordView view = new RecordView(3);

    /** The bytes {@code bc}, in whatever a client may hand out. */
    static Stream<ByteBuffer> buffers() {
        ByteBuffer direct = ByteBuffer.allocateDirect(4);
        direct.put(bytes("abcd"));
        return Stream.of(
                ByteBuffer.wrap(bytes("bc")),
                ByteBuffer.wrap(bytes("abcd"), 1, 2),
                ByteBuffer.wrap(bytes("_abcd"), 1, 4).slice().position(1).limit(3),
                ByteBuffer.wrap(bytes("abcd"), 1, 2).asReadOnlyBuffer(),
                direct.position(1).limit(3));
    }

    @ParameterizedTest
    @MethodSource("buffers")
    void showsTheBytesBetweenPositionAndLimit(ByteBuffer buffer) {
        view.of(record(buffer, buffer));
        for (int i = 0; i < 2; i++) {
            assertThat(text(view.key())).isEqualTo("bc");
            assertThat(text(view.value())).isEqualTo("bc");
            assertThat(RecordView.copy(buffer)).isEqualTo(bytes("bc"));
        }
    }

    @Test
    void keyAndValueAreIndependent() {
        view.of(record(ByteBuffer.wrap(bytes("key")), ByteBuffer.wrap(bytes("value"))));
        ByteRange key = view.key();
        assertThat(text(view.value())).isEqualTo("value");
        assertThat(text(key)).isEqualTo("key");
    }

    @Test
    void nothingStaysNothing() {
        view.of(record(ByteBuffer.wrap(bytes("k")), ByteBuffer.wrap(bytes("v"))));
        view.of(record(null, null));
        assertThat(view.key()).isNull();
        assertThat(view.value()).isNull();
        assertThat(RecordView.copyOrNull(null)).isNull();
    }

    @Test
    void showsNothingBeforeTheFirst() {
        assertThatIllegalStateException().isThrownBy(view::offset);
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> record(@Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        return new ConsumerRecord<>("source", 0, 0, key, value);
    }

    private static String text(@Nullable ByteRange range) {
        return new String(Objects.requireNonNull(range).copy(), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
