package io.tally.codec.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.engine.WindowResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows are read back as what they are, and other bytes are no rows. */
class RowReaderTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final List<String> KEYS = List.of("a", "a b", "2026-01-01 00:00:00", "ü|\"<>\\", "1");

    private static WindowResult row(Instant start, Instant end, String key) {
        return new WindowResult(
                start.toEpochMilli(), end.toEpochMilli(), key.getBytes(StandardCharsets.UTF_8), new Object[] {5L});
    }

    private static void assertReadBack(ResultEncoder encoder, boolean hasStart, boolean hasEnd) {
        RowReader reader = encoder.reader();
        assertThat(reader).isNotNull();
        for (String key : KEYS) {
            for (Instant start : List.of(
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Instant.parse("2026-10-24T23:00:00Z"),
                    Instant.parse("2026-10-25T00:00:00Z"),
                    Instant.parse("2026-10-25T01:00:00Z"))) {
                WindowResult row = row(start, start.plusSeconds(3_600), key);
                RowReader.Place place = reader.read(encoder.key(row), encoder.encode(row));
                assertThat(place).as("%s %s", start, key).isNotNull();
                assertThat(place.start()).as("%s %s", start, key).isEqualTo(hasStart ? (Long) row.start() : null);
                assertThat(place.end()).isEqualTo(hasEnd ? (Long) row.end() : null);
                assertThat(place.key()).isEqualTo(row.key());
            }
        }
    }

    private static ResultEncoder text(String template, String format, ZoneId zone, boolean offsets) {
        return Encoders.create(
                new SinkFormat.Text(template, format, zone, offsets, SinkFormat.Escape.SEPARATORS),
                List.of(),
                List.of("count"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{start} {key} {count};yyyy-MM-dd_HH:mm:ss;UTC;false",
                "{start} {key} {count};yyyy-MM-dd HH:mm:ss;UTC;false",
                "{key} {start} {count};yyyy-MM-dd HH:mm:ss;UTC;false",
                "{key}|{count}|{start};iso;UTC;false",
                "{start} {key} {count};epoch-millis;UTC;false",
                "{start} {key} {count};epoch-seconds;UTC;false",
                "<{start}> {key} {count};dd MMM yyyy HH:mm:ss;UTC;false",
                "{start} {key} {count};yyyy-MM-dd_HH:mm:ss;Europe/Berlin;true",
                "{start} {key} {count};yyyy-MM-dd_HH:mm:ssxxx;Europe/Berlin;false"
            })
    void readsLines(String template, String format, String zone, boolean offsets) {
        assertReadBack(text(template, format, ZoneId.of(zone), offsets), true, false);
        assertReadBack(text(template + " {end}", format, ZoneId.of(zone), offsets), true, true);
        assertReadBack(text(template.replace("start", "end"), format, ZoneId.of(zone), offsets), false, true);
    }

    @Test
    void readsJsonAndKeysWithWindows() {
        ResultEncoder json = Encoders.create(new SinkFormat.Json(), List.of(), List.of("count"));
        assertReadBack(json, true, true);
        assertReadBack(Encoders.withWindowInKey(text("{key} {count}", "iso", ZoneOffset.UTC, false)), true, true);
    }

    @Test
    void saysIfThereIsNothingToRead() {
        assertThat(text("{key} {count}", "iso", ZoneOffset.UTC, false).reader()).isNull();
        ResultEncoder totals = Encoders.create(
                new SinkFormat.Json(), new RowShape(false, true, false, false), List.of(), List.of("count"));
        assertThat(totals.reader()).isNull();
    }

    @Test
    void findsNoRowInOtherBytes() {
        byte[] key = {'a'};
        for (String value :
                List.of("", "no row", "2026-01-01 a 5", "{\"windowStart\":\"x\",\"windowEnd\":\"y\"}", "[]")) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            assertThat(text("{start} {key} {count}", "iso", BERLIN, false)
                            .reader()
                            .read(key, bytes))
                    .as(value)
                    .isNull();
            assertThat(Encoders.create(new SinkFormat.Json(), List.of(), List.of("count"))
                            .reader()
                            .read(key, bytes))
                    .as(value)
                    .isNull();
            assertThat(new WindowKeyReader().read(bytes, bytes)).as(value).isNull();
        }
        assertThat(new JsonRowReader().read(null, key)).isNull();
        assertThat(new JsonRowReader().read(key, null)).isNull();
    }
}
