package io.tally.codec.time;

import static io.tally.codec.time.TimestampParser.INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampParserTest {
    private static final AmbiguousTimes EARLIER = new AmbiguousTimes(AmbiguousTime.EARLIER);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "yyyy-MM-dd_HH:mm:ss, 2026-01-31_23:59:59, 2026-01-31T23:59:59Z",
        "yyyy-MM-dd_HH:mm:ss, 2024-02-29_00:00:00, 2024-02-29T00:00:00Z",
        "yyyy-MM-dd_HH:mm:ss, 2000-02-29_00:00:00, 2000-02-29T00:00:00Z",
        "yyyy-MM-dd_HH:mm:ss, 0001-01-01_00:00:00, 0001-01-01T00:00:00Z",
        "yyyy-MM-dd_HH:mm:ss, 1969-12-31_23:59:59, 1969-12-31T23:59:59Z",
        "yyyy-MM-dd_HH:mm:ss, 9999-12-31_23:59:59, 9999-12-31T23:59:59Z",
        "yyyyMMddHHmmssSSS, 20260131235959123, 2026-01-31T23:59:59.123Z",
        "yyyy-MM-dd HH:mm:ss.SSSSSS, 2026-01-31 23:59:59.123999, 2026-01-31T23:59:59.123Z",
        "yyyy-MM-dd HH:mm:ss.S, 2026-01-31 23:59:59.9, 2026-01-31T23:59:59.900Z",
        "yyyy-MM-dd'T'HH:mm:ss'Z', 2026-01-31T23:59:59Z, 2026-01-31T23:59:59Z",
        "dd.MM.uuuu HH:mm, 31.01.2026 23:59, 2026-01-31T23:59:00Z",
        "ss:mm:HH dd/MM/yyyy, 59:58:23 31/01/2026, 2026-01-31T23:58:59Z",
        "yyyy-MM-dd, 2026-01-31, 2026-01-31T00:00:00Z",
        "yyyy-MM-dd HH, 2026-01-31 23, 2026-01-31T23:00:00Z",
        "dd/MMM/yyyy:HH:mm:ss Z, 31/Jan/2026:23:59:59 +0100, 2026-01-31T22:59:59Z",
        "yyyy-MM-dd'T'HH:mm:ssXXX, 2026-01-31T23:59:59-05:30, 2026-02-01T05:29:59Z",
        "'EEE, d MMM yyyy h:mm a', 'Sat, 31 Jan 2026 11:59 PM', 2026-01-31T23:59:00Z",
        "yyyy-MM-dd HH:mm VV, 2026-01-31 23:59 Asia/Tokyo, 2026-01-31T14:59:00Z",
        "iso, 2026-01-31T23:59:59.123456789Z, 2026-01-31T23:59:59.123Z",
        "iso, 2026-01-31T23:59:59.1Z, 2026-01-31T23:59:59.100Z",
        "iso, 2026-01-31T23:59:59, 2026-01-31T23:59:59Z",
        "iso, 2026-01-31T23:59, 2026-01-31T23:59:00Z",
        "iso, 2026-01-31T23:59Z, 2026-01-31T23:59:00Z",
        "iso, 2026-01-31T23:59:59+01, 2026-01-31T22:59:59Z",
        "iso, 2026-01-31T23:59:59+0130, 2026-01-31T22:29:59Z",
        "iso, 2026-01-31T23:59:59-01:30, 2026-02-01T01:29:59Z",
        "iso, 2026-01-31T23:59-18:00, 2026-02-01T17:59:00Z",
        "iso, 2016-12-31T23:59:60Z, 2016-12-31T23:59:59.999Z",
        "iso, 2016-12-31T15:59:60.75-08:00, 2016-12-31T23:59:59.999Z",
        "iso, 2015-06-30 23:59:60, 2015-06-30T23:59:59.999Z",
        "iso, 2026-03-01 10:00:01Z, 2026-03-01T10:00:01Z",
        "iso, 2026-03-01t10:00:02z, 2026-03-01T10:00:02Z",
        "iso, '2026-03-01T10:00:03,500Z', 2026-03-01T10:00:03.500Z",
        "iso, 2026-03-01T10:00:05.1234567+00:00, 2026-03-01T10:00:05.123Z",
        "iso, 2026-03-01T10:00:06.9999999999999Z, 2026-03-01T10:00:06.999Z",
        "iso, 2026-03-01T10:00:07-00:00, 2026-03-01T10:00:07Z",
        "iso, 20260301T100009Z, 2026-03-01T10:00:09Z",
        "iso, 20260301T100009.5+0100, 2026-03-01T09:00:09.500Z",
        "iso, 20260301T1000, 2026-03-01T10:00:00Z",
        "iso, 2026-03-01 10:00:10.000123+00:00, 2026-03-01T10:00:10Z",
        "iso, 2026-03-01 10:00:11 UTC, 2026-03-01T10:00:11Z",
        "iso, 2026-03-01 10:00:11 GMT, 2026-03-01T10:00:11Z",
        "iso, 2026-03-01 10:00:11 +0200, 2026-03-01T08:00:11Z",
        "iso, 2026-03-01T11:00:12+01:00[Europe/Berlin], 2026-03-01T10:00:12Z",
        "iso, 2026-03-01T10:00:12Z[UTC][u-ca=iso8601], 2026-03-01T10:00:12Z",
        "iso, 2026-03-01T10:01Z, 2026-03-01T10:01:00Z",
        "'yyyy-MM-dd HH:mm:ss[.SSS][ ][XXX]', 2026-03-01 10:00:01, 2026-03-01T10:00:01Z",
        "'yyyy-MM-dd HH:mm:ss[.SSS][ ][XXX]', 2026-03-01 10:00:01.250, 2026-03-01T10:00:01.250Z",
        "'yyyy-MM-dd HH:mm:ss[.SSS][ ][XXX]', 2026-03-01 10:00:01 +01:00, 2026-03-01T09:00:01Z",
        "'[yyyy-MM-dd][dd.MM.yyyy] HH:mm', 01.03.2026 10:00, 2026-03-01T10:00:00Z",
        "epoch-seconds, 1767225600, 2026-01-01T00:00:00Z",
        "epoch-seconds, 1767225600.5, 2026-01-01T00:00:00.500Z",
        "epoch-seconds, 1.7672256E9, 2026-01-01T00:00:00Z",
        "epoch-seconds, -0.0001, 1969-12-31T23:59:59.999Z",
        "epoch-millis, 1767225600123, 2026-01-01T00:00:00.123Z",
        "epoch-millis, -1, 1969-12-31T23:59:59.999Z",
        "epoch-micros, 1767225600123999, 2026-01-01T00:00:00.123Z",
        "epoch-micros, -1, 1969-12-31T23:59:59.999Z",
        "epoch-nanos, 1767225600123999999, 2026-01-01T00:00:00.123Z",
        "epoch-nanos, -1, 1969-12-31T23:59:59.999Z"
    })
    void reads(String format, String text, Instant expected) {
        assertThat(Instant.ofEpochMilli(parse(format, ZoneOffset.UTC, text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "yyyy-MM-dd_HH:mm:ss, 2026-02-30_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-02-29_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 1900-02-29_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-00_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-32_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-00-01_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-13-01_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-01_24:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-01_00:60:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-12-31_23:59:60",
        "yyyy-MM-dd_HH:mm:ss, 0000-01-01_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, -001-01-01_00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-01T00:00:00",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-01_00:00:0",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-01_00:00:000",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-01_00:00:0a",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-01_00:00:/0",
        "yyyy-MM-dd_HH:mm:ss, 2026-01-01_00:00:0:",
        "yyyy-MM-dd_HH:mm:ss, ''",
        "yyyy-MM-dd HH:mm:ss.SSSSSS, 2026-01-31 23:59:59.12399x",
        "yyyy-MM-dd HH:mm:ss.SSS, 2026-01-31 23:59:59 123",
        "ss:mm:HH dd/MM/yyyy, 60:58:23 31/01/2026",
        "dd/MMM/yyyy:HH:mm:ss Z, 30/Feb/2026:23:59:59 +0100",
        "dd/MMM/yyyy:HH:mm:ss Z, 31/Jan/2026:23:59:60 +0100",
        "dd/MMM/yyyy:HH:mm:ss Z, 31/Jan/2026:24:00:00 +0100",
        "yyyy-MM-dd'T'HH:mm:ssXXX, -2026-01-31T23:59:59Z",
        "yyyy-MM-dd'T'HH:mm:ssXXX, 0000-01-31T23:59:59Z",
        "iso, 2026-12-31T24:00:00Z",
        "iso, 2026-12-31T23:59:59.Z",
        "iso, 2026-12-31T23:59:59.+01:00",
        "iso, 2026-12-31T23:59:59zZ",
        "iso, 2026-12-31  23:59:59Z",
        "iso, 2026-12-31T23:59:59  Z",
        "iso, '2026-12-31T23:59:59 '",
        "iso, 2026-12-31T23:59:59 CET",
        "iso, 2026-12-31T23:59:59[Europe/Berlin]",
        "iso, 2026-12-31T23:59:59Z[Europe/Berlin",
        "iso, 2026-12-31_23:59:59Z",
        "iso, 2026-12-31T23",
        "iso, 2026-12-31T2",
        "iso, 2026-12-31T",
        "iso, 20261231",
        "iso, 20261231235959Z",
        "iso, 2026-365T23:59:59Z",
        "iso, 2026-W53-4T23:59:59Z",
        "iso, 2026-12-30T23:59:60Z",
        "iso, 2026-12-31T22:59:60Z",
        "iso, 2026-12-31T23:58:60Z",
        "iso, 2026-12-31T23:59:60-01:00",
        "iso, 2026-12-31T23:59:60.Z",
        "iso, 2026-12-31T23:59:61Z",
        "iso, 2026-12-31T23:59:59ZZ",
        "iso, 2026-12-31T23:59:59+18:01",
        "iso, 2026-12-31T23:59:59+01:60",
        "iso, 2026-12-31T23:59:59+1",
        "iso, 2026-12-31T23:59:59+01:",
        "iso, 2026-12-31T23:59:59+01:0",
        "iso, 2026-12-31T23:59:59+01x00",
        "iso, 2026-12-31T23:59.5Z",
        "iso, 2026-12-31",
        "iso, +12026-12-31T23:59:59Z",
        "epoch-seconds, ''",
        "epoch-seconds, now",
        "epoch-millis, 0x10",
        "epoch-millis, 1e101"
    })
    void refuses(String format, String text) {
        assertThat(parse(format, ZoneOffset.UTC, text)).isEqualTo(INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoch-seconds", "epoch-millis", "epoch-micros", "epoch-nanos"})
    void survivesAbsurdEpochs(String format) {
        for (String digits : List.of("9223372036854775807", "9".repeat(63), "1e100", "999999999999999999")) {
            assertThat(parse(format, ZoneOffset.UTC, digits)).as(digits).isPositive();
            assertThat(parse(format, ZoneOffset.UTC, "-" + digits))
                    .as("-" + digits)
                    .isNegative()
                    .isNotEqualTo(INVALID);
        }
        assertThat(parse("epoch-seconds", ZoneOffset.UTC, "9223372036854775807"))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(parse("epoch-millis", ZoneOffset.UTC, "-9223372036854775808"))
                .isEqualTo(-Long.MAX_VALUE);
    }

    @Test
    void usesTheZoneOnlyForTextsWithoutOne() {
        assertThat(parse("yyyy-MM-dd_HH:mm:ss", BERLIN, "2026-07-01_00:00:00")).isEqualTo(at("2026-06-30T22:00:00Z"));
        assertThat(parse("iso", BERLIN, "2026-07-01T00:00:00")).isEqualTo(at("2026-06-30T22:00:00Z"));
        assertThat(parse("iso", BERLIN, "2026-07-01T00:00:00Z")).isEqualTo(at("2026-07-01T00:00:00Z"));
        assertThat(parse("dd/MMM/yyyy:HH:mm:ss", BERLIN, "01/Jul/2026:00:00:00"))
                .isEqualTo(at("2026-06-30T22:00:00Z"));
        // The offset in the text decides which of the two occurrences it is.
        assertThat(parse("dd/MMM/yyyy:HH:mm:ss Z", BERLIN, "25/Oct/2026:02:30:00 +0100"))
                .isEqualTo(at("2026-10-25T01:30:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yyyy-MM-ddTHH:mm:ss",
                "HH:mm:ss",
                "yyyy-MM",
                "yyyy-MM-dd hh:mm",
                "yyyy-MM-dd mm:ss",
                "not a pattern",
                "",
                "yyyy-MM-dd'T",
                "epoch",
                "epoch-days",
                "YYYY-MM-dd",
                "yyyy-MM-DD HH:mm:ss",
                "yyyy-DD-MM",
                "yyyy-mm-dd HH:MM:ss",
                "dd/mm/yyyy HH:MM"
            })
    void refusesFormatsThatTellNoInstant(String format) {
        assertThatThrownBy(() -> TimestampParser.create(format, ZoneOffset.UTC, EARLIER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("timestamp.format '" + format + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yyyy-MM-dd_HH:mm:ss",
                "yyyy-MM-dd'T'HH:mm:ss.SSS",
                "yyyyMMddHHmmss",
                "yyyyMMdd",
                "dd.MM.yyyy HH:mm",
                "ss mm HH dd MM yyyy",
                "yyyy-MM-dd HH:mm:ss.SSSSSSSSS",
                "HH:mm:ss,SSS dd/MM/yyyy",
                "uuuu''MM''dd 'at' HH"
            })
    void agreesWithDateTimeFormatter(String pattern) {
        Random random = Fuzz.random(getClass());
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern.replace('y', 'u'), Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
        TimestampParser parser = TimestampParser.create(pattern, BERLIN, EARLIER);
        assertThat(parser).isInstanceOf(FixedTimestamp.class);
        TimestampParser general = new FormatterTimestamp(pattern, BERLIN, EARLIER);
        LocalDateTime time = LocalDateTime.of(2026, 1, 1, 0, 0);
        for (int round = 0; round < 20_000; round++) {
            // Mostly neighbours, as in a stream, and sometimes anywhere, with a preference for ends of months.
            time = random.nextInt(10) > 0
                    ? time.plusNanos((random.nextLong() % 5_000_000_000L))
                    : LocalDateTime.of(1 + random.nextInt(9999), 1 + random.nextInt(12), 1, 0, 0)
                            .minusSeconds(random.nextInt(100_000));
            if (time.getYear() < 1 || time.getYear() > 9999) {
                time = LocalDateTime.of(2024, 2, 28, 23, 59, 59);
            }
            String text = formatter.format(time);
            long expected = formatter
                    .parse(text, p -> {
                        LocalTime clock = p.query(TemporalQueries.localTime());
                        return LocalDate.from(p).atTime(clock == null ? LocalTime.MIDNIGHT : clock);
                    })
                    .atZone(BERLIN)
                    .toInstant()
                    .toEpochMilli();
            assertThat(parse(parser, text)).as(text).isEqualTo(expected);
            assertThat(parse(general, text)).as(text).isEqualTo(expected);

            String damaged = damage(random, text);
            assertThat(parse(parser, damaged)).as(damaged).isEqualTo(parse(general, damaged));
            // What was refused must not have been remembered.
            assertThat(parse(parser, text)).as(text).isEqualTo(expected);
        }
    }

    @Test
    void agreesWithIsoDateTime() {
        Random random = Fuzz.random(getClass());
        TimestampParser parser = TimestampParser.create("iso", BERLIN, EARLIER);
        for (int round = 0; round < 50_000; round++) {
            LocalDateTime time = LocalDateTime.of(2026, 1, 1, 0, 0)
                    .plusSeconds(random.nextInt(400_000_000))
                    .plusNanos(random.nextInt(1_000_000_000));
            DateTimeFormatter formatter = random.nextBoolean()
                    ? DateTimeFormatter.ISO_LOCAL_DATE_TIME
                    : DateTimeFormatter.ISO_OFFSET_DATE_TIME;
            ZoneOffset offset = ZoneOffset.ofHoursMinutes(random.nextInt(18), random.nextInt(60));
            String text = formatter.format(time.atOffset(offset));
            long expected = (formatter == DateTimeFormatter.ISO_LOCAL_DATE_TIME
                            ? time.atZone(BERLIN).toInstant()
                            : time.toInstant(offset))
                    .toEpochMilli();
            assertThat(parse(parser, text)).as(text).isEqualTo(expected);

            String damaged = damage(random, text);
            assertThat(parse(parser, damaged)).as(damaged).isEqualTo(isoReference(damaged));
        }
    }

    /**
     * With years of four digits, in the forms that the specification allows; those that Java reads stand for others.
     */
    private static long isoReference(String given) {
        if (!given.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?"
                + "( ?(Z|[+-][0-9]{2}(:?[0-9]{2})?))?")) {
            return INVALID;
        }
        String text = (given.substring(0, 10) + "T" + given.substring(11).replace(" ", ""))
                .replaceFirst("(\\.[0-9]{9})[0-9]+", "$1");
        try {
            var parsed = new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                    .appendPattern("[XXX][XX][X]")
                    .toFormatter(Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT)
                    .parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            LocalDateTime local = LocalDateTime.from(parsed);
            if (local.getYear() < 1) {
                return INVALID;
            }
            return parsed instanceof OffsetDateTime withOffset
                    ? withOffset.toInstant().toEpochMilli()
                    : local.atZone(BERLIN).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            return INVALID;
        }
    }

    private static String damage(Random random, String text) {
        int at = random.nextInt(text.length());
        char[] likely = "0123456789:-_ T.Z+x".toCharArray();
        char c = likely[random.nextInt(likely.length)];
        return switch (random.nextInt(3)) {
            case 0 -> text.substring(0, at) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + c + text.substring(at);
            default -> text.substring(0, at) + c + text.substring(at + 1);
        };
    }

    private static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    private static long parse(String format, ZoneId zone, String text) {
        return parse(TimestampParser.create(format, zone, EARLIER), text);
    }

    private static long parse(TimestampParser parser, String text) {
        byte[] bytes = ("2" + text + "2").getBytes(StandardCharsets.UTF_8);
        return parser.parse(bytes, 1, bytes.length - 2);
    }
}
