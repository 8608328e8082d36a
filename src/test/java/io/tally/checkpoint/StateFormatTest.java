package io.tally.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.engine.Engines;
import io.tally.engine.WindowEngine;
import io.tally.engine.WindowOutput;
import io.tally.engine.WindowResult;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.StateEntry;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bytes of the state topic, pinned: state that a running pipeline has written must be readable for ever. A change
 * here is a new format version.
 */
class StateFormatTest {
    private static final BirthMarker BIRTH =
            new BirthMarker("ip-count", "tally-ip-count", "ip_count_source", "bM0VsOhVQQ6q9kFh2rT1Xw", 4, 300);
    private static final String BIRTH_VALUE = "00000000a32e173a" + "0869702d636f756e74"
            + "0e74616c6c792d69702d636f756e74" + "0f69705f636f756e745f736f75726365"
            + "16624d3056734f685651513671396b4668327254315877" + "04" + "ac02";

    /** A decimal too large for a long: escape, scale zigzag, length, two's complement. */
    private static final String BIG = "ff040e009bd30a3c645943dd1690a03a21";

    private static final WindowOutput ANY_ROWS = new WindowOutput() {
        @Override
        public void result(WindowResult result) {}

        @Override
        public void forget(StateEntry entry) {
            throw new AssertionError("no window closes here");
        }
    };

    private final StateFormat format = new StateFormat();

    private record Written(String key, String value) {}

    /** One row with every built-in aggregate, with numbers that fit a long, and with one that does not. */
    @Test
    void writesEntriesAsEver() {
        assertThat(entries())
                .containsExactly(
                        new Written(
                                "01" + "45" + "ffffffffffffec78" + "6b",
                                "000000000584b0de" + "ac02" + "00" + "02" + "02e012" + "010109" + "0102c413"
                                        + "0202e012" + "018f4e0178" + "01bf3e0179"),
                        new Written(
                                "01" + "45" + "ffffffffffffec78" + "c3a4",
                                "0000000033520bb7" + "ac02" + "01" + "01" + BIG + "01" + BIG + "01" + BIG + "01" + BIG
                                        + "010100" + "010100"));
    }

    /** In front of the accumulators: the revision. A window is named by its last slice. */
    @Test
    void writesRevisionsAsEver() {
        WindowKind kind = new WindowKind.Aligned(Windowing.cumulative(Duration.ofSeconds(10), Duration.ofSeconds(5)));
        WindowEngine engine = Engines.forEvents(
                new WindowSpec(kind, Duration.ZERO, Duration.ZERO, Emission.UPDATES),
                new Aggregates(List.of(BuiltIn.count())),
                10);
        fold(engine, 7, 0, "k", BigDecimal.ONE, "x");
        assertThat(written(engine, 300))
                .containsExactly(
                        new Written(
                                "01" + "45" + "0000000000000000" + "6b",
                                "000000000a1e75b5" + "ac02" + "00" + "01" + "01"),
                        new Written(
                                "01" + "45" + "0000000000001388" + "6b",
                                "00000000ee6f08cf" + "ac02" + "00" + "01" + "01"));
    }

    /**
     * Before the accumulators: the session's length, its revision, and the offset of its oldest unshown change. After
     * them: which rows stand for it.
     */
    @Test
    void writesSessionsAsEver() {
        WindowEngine engine = sessions();
        fold(engine, 7, 1_000, "k", BigDecimal.ONE, "x");
        engine.earlyRows().send(8, 1, ANY_ROWS);
        written(engine, 8);
        fold(engine, 9, 1_300, "k", BigDecimal.ONE, "x");
        assertThat(written(engine, 0))
                .containsExactly(new Written(
                        "01" + "45" + "00000000000003e8" + "6b",
                        "000000007fda5761" + "ac02" + "00" + "d804" + "01" + "0a" + "02" + "02" + "00" + "8827"));
    }

    /** No row stands for the session, or one of its own window, or the rows of two sessions that became one. */
    @Test
    void writesWhichRowsStandForASession() {
        WindowEngine engine = sessions();
        fold(engine, 7, 1_000, "k", BigDecimal.ONE, "x");
        assertThat(shown(engine)).isEqualTo("ac02" + "00" + "00" + "00" + "08" + "01" + "00");
        engine.earlyRows().send(8, 1, ANY_ROWS);
        assertThat(shown(engine)).isEqualTo("ac02" + "00" + "00" + "01" + "00" + "01" + "01");

        engine = sessions();
        fold(engine, 7, 1_000, "k", BigDecimal.ONE, "x");
        fold(engine, 8, 8_000, "k", BigDecimal.ONE, "x");
        engine.earlyRows().send(9, 2, ANY_ROWS);
        fold(engine, 9, 4_000, "k", BigDecimal.ONE, "x");
        assertThat(shown(engine))
                .isEqualTo("ac02" + "00" + "b06d" + "01" + "0a" + "03" + "03" + "00" + "8827" + "d00f" + "8827");
    }

    /** The value of the only entry, behind its checksum. */
    private String shown(WindowEngine engine) {
        return written(engine, 300).get(0).value().substring(16);
    }

    private static WindowEngine sessions() {
        WindowKind kind = new WindowKind.Sessions(Duration.ofSeconds(5));
        return Engines.forEvents(
                new WindowSpec(kind, Duration.ZERO, Duration.ZERO, Emission.UPDATES),
                new Aggregates(List.of(BuiltIn.count())),
                10);
    }

    private List<Written> entries() {
        WindowEngine engine = Engines.forEvents(
                WindowSpec.of(Windowing.tumbling(Duration.ofSeconds(5)), Duration.ZERO),
                new Aggregates(List.of(
                        BuiltIn.count(),
                        BuiltIn.sum(0),
                        BuiltIn.min(0),
                        BuiltIn.max(0),
                        BuiltIn.average(0),
                        BuiltIn.first(1),
                        BuiltIn.last(1))),
                10);
        fold(engine, 7, -5_000, "k", new BigDecimal("12.50"), "x");
        fold(engine, 8, -4_000, "k", new BigDecimal("-0.5"), "y");
        fold(engine, 9, -1, "\u00e4", new BigDecimal("123456789012345678901234567890.25"), "");
        return written(engine, Long.MAX_VALUE - 1);
    }

    private List<Written> written(WindowEngine engine, long dirtyBefore) {
        List<Written> written = new ArrayList<>();
        engine.checkpoint(dirtyBefore, 300, 10, ANY_ROWS, (entry, appliedUpTo) -> {
            byte[] key = format.entryKey(entry);
            byte[] value = format.entryValue(key, entry, appliedUpTo);
            written.add(new Written(hex(key), hex(value)));
        });
        return written;
    }

    private static void fold(WindowEngine engine, long offset, long time, String key, BigDecimal number, String text) {
        Event event = new Event(2);
        event.time(time);
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        event.key(bytes, 0, bytes.length);
        if (number.unscaledValue().bitLength() < 60) {
            event.field(0).number(number.unscaledValue().longValueExact(), number.scale());
        } else {
            event.field(0).number(number);
        }
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        event.field(1).text(value, 0, value.length);
        assertThat(engine.fold(event, offset, ANY_ROWS)).isTrue();
    }

    @Test
    void readsEntries() {
        Written entry = entries().get(1);
        byte[] key = HexFormat.of().parseHex(entry.key());
        assertThat(format.kind(key)).isEqualTo(StateFormat.Kind.ENTRY);
        StateFormat.Entry read = format.readEntry(key, HexFormat.of().parseHex(entry.value()));
        assertThat(read.sliceStart()).isEqualTo(-5_000);
        assertThat(read.appliedUpTo()).isEqualTo(300);
        assertThat(read.ordinal()).isEqualTo(1);
        assertThat(new String(key, StateFormat.groupKeyStart(), 2, StandardCharsets.UTF_8))
                .isEqualTo("\u00e4");
    }

    @Test
    void writesBirthsAsEver() {
        assertThat(hex(format.birthKey())).isEqualTo("0142");
        byte[] value = format.birthValue(BIRTH);
        assertThat(hex(value)).isEqualTo(BIRTH_VALUE);
        assertThat(format.readBirth(format.birthKey(), value)).isEqualTo(BIRTH);
    }

    @Test
    void writesEmissionsAsEver() {
        byte[] key = format.emissionKey(200);
        assertThat(hex(key)).isEqualTo("0155" + "c801");
        byte[] value = format.emissionValue(key, 300, 298);
        assertThat(hex(value)).isEqualTo("000000000bb33954" + "ac02" + "02");
        assertThat(format.readEmission(key, value)).isEqualTo(new StateFormat.UpdateNote(200, 300, 298));
        assertThat(format.kind(key)).isEqualTo(StateFormat.Kind.EMISSION);
    }

    /** A single wrong bit anywhere, in the value or in the key that it belongs to. */
    @Test
    void noticesEveryFlippedBit() {
        byte[] key = format.birthKey();
        byte[] value = format.birthValue(BIRTH);
        for (int bit = 0; bit < value.length * 8; bit++) {
            byte[] damaged = value.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> format.readBirth(key, damaged))
                    .as("bit %s", bit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("checksum is wrong");
        }
        assertThatThrownBy(() -> format.readBirth(new byte[] {1, 'E'}, value))
                .hasMessageContaining("checksum is wrong");
    }

    @ParameterizedTest
    @CsvSource({
        "'', empty key",
        "01, ends after 1 byte",
        "0242, format version 2",
        "0158, unknown kind 88",
        "014200, kind BIRTH with a key of 3 bytes",
        "01450000000000000000, kind ENTRY with a key of 10 bytes"
    })
    void refusesOtherKeys(String key, String reason) {
        assertThatThrownBy(() -> format.kind(HexFormat.of().parseHex(key)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(reason);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
