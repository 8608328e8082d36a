package io.tally.codec.decode;

import static org.awaitility.Awaitility.await;

import io.tally.codec.TestRecord;
import io.tally.codec.decode.FilterSpec.Condition;
import io.tally.codec.decode.FilterSpec.Operator;
import io.tally.codec.text.PatternFormat;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The array of a record may hold everything that a fetch brought. A partition that falls silent must not keep the last
 * one.
 */
class ReleaseTest {
    private static final String LINE = "2026-01-01_00:00:05 10.0.0.1 7 agent";

    static Stream<Decoding> decodings() {
        return Stream.of(
                new Decoding(),
                new Decoding().filter(new Condition("agent", Operator.MATCHES, List.of("a.*"))),
                new Decoding().source(new PatternFormat("(?<time>\\S+) (?<ip>\\S+) (?<bytes>\\d+) (?<agent>.*)")),
                new Decoding().key(false, 100, "ip", "agent"),
                new Decoding()
                        .inputs(
                                new InputField("agent", InputField.Kind.TEXT),
                                new InputField("bytes", InputField.Kind.NUMBER)));
    }

    @ParameterizedTest
    @MethodSource("decodings")
    void keepsNothingOfTheLastRecord(Decoding decoding) {
        WeakReference<byte[]> array = decode(decoding);
        decoding.release();
        await().until(() -> {
            System.gc();
            return array.get() == null;
        });
    }

    /** In a method of its own, so that no local variable keeps the record. */
    private static WeakReference<byte[]> decode(Decoding decoding) {
        TestRecord record = TestRecord.of("10.0.0.1", LINE);
        decoding.accept(record);
        return new WeakReference<>(Objects.requireNonNull(record.value()).bytes());
    }
}
