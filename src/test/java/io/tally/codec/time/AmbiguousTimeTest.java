package io.tally.codec.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Event;
import io.tally.codec.Fuzz;
import io.tally.codec.SourceRecord;
import io.tally.codec.TestRecord;
import io.tally.codec.decode.Decoders;
import io.tally.codec.decode.FilterSpec;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.decode.RecordDecoder.Verdict;
import io.tally.codec.key.KeySpec;
import io.tally.codec.text.ColumnsFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hour that clocks repeat, through the whole decoder. */
class AmbiguousTimeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** The hour from here is repeated an hour later. */
    private static final Instant FIRST = Instant.parse("2026-10-25T00:00:00Z");

    /**
     * The log of a machine whose clocks change: lines are in order, except for the usual disorder among threads and
     * hosts.
     */
    @ParameterizedTest
    @ValueSource(strings = {"yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.SSS", "d/M/yy HH:mm:ss", "iso"})
    void inOrderALogThatGoesOnThroughTheChangeIsReadAsItWasWritten(String format) {
        DateTimeFormatter writer =
                DateTimeFormatter.ofPattern(format.equals("iso") ? "yyyy-MM-dd'T'HH:mm:ss" : format, Locale.ENGLISH);
        Random random = Fuzz.random(getClass());
        for (ZoneId zone : List.of(BERLIN, ZoneId.of("America/New_York"), ZoneId.of("Australia/Lord_Howe"))) {
            Instant change = zone.getRules()
                            .nextTransition(Instant.parse("2026-03-01T00:00:00Z"))
                            .isOverlap()
                    ? zone.getRules()
                            .nextTransition(Instant.parse("2026-03-01T00:00:00Z"))
                            .getInstant()
                    : zone.getRules()
                            .nextTransition(Instant.parse("2026-08-01T00:00:00Z"))
                            .getInstant();
            RecordDecoder decoder = decoder(format, zone, AmbiguousTime.IN_ORDER);
            Instant now = change.minus(Duration.ofHours(3));
            while (now.isBefore(change.plus(Duration.ofHours(3)))) {
                now = now.plusSeconds(random.nextInt(120));
                Instant written = now.minusSeconds(random.nextInt(600));
                assertThat(read(decoder, writer.format(written.atZone(zone))))
                        .as("%s in %s", written.atZone(zone), zone)
                        .isEqualTo(written);
            }
        }
    }

    @Test
    void theOtherChoicesTakeEachRecordByItself() {
        for (AmbiguousTime choice : List.of(AmbiguousTime.EARLIER, AmbiguousTime.LATER)) {
            RecordDecoder decoder = decoder("yyyy-MM-dd HH:mm", BERLIN, choice);
            int hours = choice == AmbiguousTime.EARLIER ? 0 : 1;
            for (int i = 0; i < 2; i++) {
                assertThat(read(decoder, "2026-10-25 02:00")).isEqualTo(FIRST.plus(Duration.ofHours(hours)));
                assertThat(read(decoder, "2026-10-25 02:59"))
                        .isEqualTo(FIRST.plus(Duration.ofHours(hours)).plus(Duration.ofMinutes(59)));
                assertThat(read(decoder, "2026-10-25 03:00")).isEqualTo(FIRST.plus(Duration.ofHours(2)));
            }
            assertThat(decoder.latestTime()).isNull();
        }
    }

    @Test
    void theNearerOneCounts() {
        RecordDecoder decoder = decoder("yyyy-MM-dd HH:mm", BERLIN, AmbiguousTime.IN_ORDER);
        assertThat(read(decoder, "2026-10-25 02:45")).as("at first").isEqualTo("2026-10-25T00:45:00Z");
        assertThat(read(decoder, "2026-10-25 02:15")).as("half the hour").isEqualTo("2026-10-25T00:15:00Z");
        assertThat(read(decoder, "2026-10-25 02:14")).as("further back").isEqualTo("2026-10-25T01:14:00Z");
        assertThat(read(decoder, "2026-10-25 02:43")).isEqualTo("2026-10-25T01:43:00Z");
        assertThat(read(decoder, "2026-10-25 02:13")).isEqualTo("2026-10-25T01:13:00Z");
    }

    /** As they do not move the watermark. */
    @Test
    void deadLettersDoNotCountInTheOrder() {
        RecordDecoder decoder = decoder("yyyy-MM-dd HH:mm", BERLIN, AmbiguousTime.IN_ORDER);
        assertThat(read(decoder, "2026-10-25 02:30")).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(decoder.decode(record("2026-10-25 12:00|"), new Event(0))).isEqualTo(Verdict.REJECTED);
        assertThat(decoder.decode(record("1999-10-25 12:00|k"), new Event(0))).isEqualTo(Verdict.REJECTED);
        assertThat(read(decoder, "2026-10-25 02:31")).isEqualTo("2026-10-25T00:31:00Z");
        assertThat(decoder.decode(record("2026-10-25 03:00|filtered"), new Event(0)))
                .isEqualTo(Verdict.FILTERED);
        assertThat(read(decoder, "2026-10-25 02:31")).isEqualTo("2026-10-25T01:31:00Z");
    }

    @Test
    void anotherDecoderGoesOnFromTheLatestTime() {
        RecordDecoder decoder = decoder("yyyy-MM-dd HH:mm", BERLIN, AmbiguousTime.IN_ORDER);
        assertThat(decoder.latestTime()).isEqualTo(Long.MIN_VALUE);
        read(decoder, "2026-10-25 02:50");
        read(decoder, "2026-10-25 02:40");
        Long latest = decoder.latestTime();
        assertThat(latest).isEqualTo(FIRST.plus(Duration.ofMinutes(50)).toEpochMilli());
        RecordDecoder other = decoder("yyyy-MM-dd HH:mm", BERLIN, AmbiguousTime.IN_ORDER);
        other.resumeAfter(latest);
        assertThat(read(other, "2026-10-25 02:10")).isEqualTo("2026-10-25T01:10:00Z");
    }

    /** A name of a zone, or of its summer time, in the text. */
    @ParameterizedTest
    @CsvSource({
        "yyyy-MM-dd HH:mm z,     UTC,           2026-10-25 02:30 CEST,          2026-10-25T00:30:00Z",
        "yyyy-MM-dd HH:mm z,     UTC,           2026-10-25 02:30 CET,           2026-10-25T01:30:00Z",
        "yyyy-MM-dd HH:mm VV,    UTC,           2026-10-25 02:30 Europe/Berlin, 2026-10-25T01:30:00Z",
        "yyyy-MM-dd HH:mm[ xxx], Europe/Berlin, 2026-10-25 02:30 +02:00,        2026-10-25T00:30:00Z",
        "yyyy-MM-dd HH:mm[ xxx], Europe/Berlin, 2026-10-25 02:30,               2026-10-25T01:30:00Z",
        "iso,                    Europe/Berlin, 2026-10-25T02:30+02:00,         2026-10-25T00:30:00Z",
        "iso,                    Europe/Berlin, 2026-10-25T02:30,               2026-10-25T01:30:00Z",
    })
    void aTextThatTellsIsBelieved(String format, ZoneId zone, String text, Instant later) {
        assertThat(read(decoder(format, zone, AmbiguousTime.LATER), text)).isEqualTo(later);
    }

    @ParameterizedTest
    @CsvSource({
        "iso, Europe/Berlin, true",
        "iso, UTC, false",
        "iso, +02:00, false",
        "epoch-millis, Europe/Berlin, false",
        "yyyy-MM-dd HH:mm:ss, Europe/Berlin, true",
        "yyyy-MM-dd HH:mm:ss, UTC, false",
        "yyyy-MM-dd HH:mm:ssXXX, Europe/Berlin, false",
        "dd/MMM/yyyy:HH:mm:ss Z, Europe/Berlin, false",
        "yyyy-MM-dd HH:mm:ss[XXX], Europe/Berlin, true",
        "yyyy-MM-dd HH:mm:ss 'X', Europe/Berlin, true",
        "yyyy-MM-dd HH:mm:ss VV, UTC, true",
        "yyyy-MM-dd HH:mm:ss z, UTC, true",
    })
    void knowsWhichFormatsMayNeedTheOrder(String format, ZoneId zone, boolean expected) {
        TimestampSpec spec = new TimestampSpec(
                "time", format, zone, AmbiguousTime.IN_ORDER, Instant.parse("2000-01-01T00:00:00Z"), Duration.ZERO);
        assertThat(spec.mayBeAmbiguous()).isEqualTo(expected);
        assertThat(decoder(format, zone, AmbiguousTime.IN_ORDER).latestTime() != null)
                .isEqualTo(expected);
    }

    private static RecordDecoder decoder(String format, ZoneId zone, AmbiguousTime choice) {
        return Decoders.create(
                new ColumnsFormat(List.of("time", "key"), '|'),
                new TimestampSpec(
                        "time", format, zone, choice, Instant.parse("2000-01-01T00:00:00Z"), Duration.ofDays(36_525)),
                new KeySpec(List.of("key"), false, 100),
                new FilterSpec(List.of(new FilterSpec.Condition("key", FilterSpec.Operator.NE, List.of("filtered")))),
                List.of());
    }

    private static @Nullable Instant read(RecordDecoder decoder, String time) {
        Event event = new Event(0);
        Verdict verdict = decoder.decode(record(time + "|k"), event);
        return verdict == Verdict.ACCEPTED ? Instant.ofEpochMilli(event.time()) : null;
    }

    private static SourceRecord record(String value) {
        return TestRecord.of(null, value.getBytes(StandardCharsets.UTF_8));
    }
}
