package io.tally.codec.decode;

import static io.tally.codec.TestRecord.NEW_YEAR;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Rejection.Reason;
import io.tally.codec.TestRecord;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.time.TimestampSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
    private static final long FLOOR = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Decoding epoch = new Decoding()
            .source(new ColumnsFormat(List.of("time"), ' '))
            .timestamp(Decoding.timestamp("time", "epoch-millis"))
            .key(false, 10);

    @Test
    void believesTimesWithinTheBounds() {
        assertThat(time(FLOOR, NEW_YEAR)).isEqualTo(FLOOR);
        assertThat(time(NEW_YEAR + DAY, NEW_YEAR)).isEqualTo(NEW_YEAR + DAY);
        assertThat(time(DAY + FLOOR, FLOOR)).isEqualTo(FLOOR + DAY);
    }

    @Test
    void refusesTimesOutsideTheBounds() {
        assertThat(refuse(String.valueOf(FLOOR - 1), NEW_YEAR))
                .isEqualTo("event time 1999-12-31T23:59:59.999Z is before timestamp.floor 2000-01-01T00:00:00Z");
        assertThat(refuse(String.valueOf(NEW_YEAR + DAY + 1), NEW_YEAR))
                .isEqualTo("event time 2026-01-02T00:00:00.001Z is more than timestamp.max-ahead PT24H ahead of the"
                        + " record timestamp 2026-01-01T00:00:00Z");
    }

    /** The most frequent mistake with numbers. */
    @ParameterizedTest
    @CsvSource({
        "epoch-millis,  1772359200,          epoch-seconds",
        "epoch-millis,  1772359200000000,    epoch-micros",
        "epoch-seconds, 1772359200000,       epoch-millis",
        "epoch-micros,  1772359200000,       epoch-millis",
        "epoch-nanos,   1772359200,          epoch-seconds",
        "epoch-nanos,   1772359200000000,    epoch-micros",
    })
    void saysWhichUnitATimeMayHave(String format, String number, String unit) {
        assertThat(epoch.timestamp(Decoding.timestamp("time", format))
                        .reject(Reason.TIMESTAMP_OUT_OF_RANGE, TestRecord.of("k", number)))
                .endsWith("; as " + unit + " it would be 2026-03-01T10:00:00Z: set timestamp.format");
    }

    /** So is another kind of text. */
    @ParameterizedTest
    @CsvSource({
        "iso,                 1772359200,           epoch-seconds",
        "iso,                 1772359200000,        epoch-millis",
        "yyyy-MM-dd_HH:mm:ss, 1772359200.5,         epoch-seconds",
        "yyyy-MM-dd_HH:mm:ss, 2026-03-01T10:00:00Z, iso",
        "epoch-millis,        2026-03-01T11:00:00+01:00, iso",
    })
    void saysWhichFormatATimeMayHave(String format, String text, String other) {
        assertThat(epoch.timestamp(Decoding.timestamp("time", format))
                        .reject(Reason.BAD_TIMESTAMP, TestRecord.of("k", text)))
                .contains("which is not a valid time of the form " + format + "; as " + other
                        + " it would be 2026-03-01T10:00:00")
                .endsWith(": set timestamp.format");
    }

    @Test
    void namesNoUnitOfATimeThatHasNone() {
        for (String number : List.of("0", "-1772359200", "17", "99999999999999999999", "946684799999")) {
            assertThat(refuse(number, NEW_YEAR)).doesNotContain("it would be");
        }
        assertThat(new Decoding()
                        .timestamp(Decoding.timestamp(null, "iso"))
                        .reject(
                                Reason.TIMESTAMP_OUT_OF_RANGE,
                                TestRecord.of("k", "x").at(1_772_359_200)))
                .endsWith(
                        "; as epoch-seconds it would be 2026-03-01T10:00:00Z: record timestamps have to be in milliseconds");
    }

    /** Where it is the producer's, a record's timestamp shows nothing: it may be as wrong as the event time, or 0. */
    @Test
    void believesAClockRatherThanAProducersTimestamp() {
        epoch.decoder().believeUpTo(NEW_YEAR + DAY);
        for (long recordTime : new long[] {-1, 0, NEW_YEAR / 1000, NEW_YEAR, NEW_YEAR + 800 * DAY}) {
            assertThat(time(NEW_YEAR + DAY, recordTime)).isEqualTo(NEW_YEAR + DAY);
            assertThat(refuse(String.valueOf(NEW_YEAR + DAY + 1), recordTime))
                    .contains("is more than timestamp.max-ahead PT24H ahead of ");
        }
        assertThat(refuse(String.valueOf(NEW_YEAR + 800 * DAY), NEW_YEAR + 800 * DAY))
                .endsWith("ahead of the clock when it was read");
    }

    @Test
    void believesABrokersTimestampRatherThanAClock() {
        epoch.decoder().believeUpTo(NEW_YEAR);
        TestRecord record = TestRecord.of("k", String.valueOf(NEW_YEAR + DAY));
        assertThat(epoch.accept(record.at(NEW_YEAR).appended()).time()).isEqualTo(NEW_YEAR + DAY);
        epoch.reject(Reason.TIMESTAMP_OUT_OF_RANGE, record.at(NEW_YEAR - 1).appended());
        assertThat(epoch.decoder().lastByClock()).isEqualTo(-1);
    }

    /** Only of those a replay must know what the clock said. */
    @Test
    void knowsWhichRecordWasDecidedByTheClock() {
        epoch.decoder().believeUpTo(NEW_YEAR + DAY);
        time(NEW_YEAR, NEW_YEAR);
        refuse(String.valueOf(NEW_YEAR + 2 * DAY), NEW_YEAR);
        assertThat(epoch.decoder().lastByClock()).isEqualTo(-1);
        time(NEW_YEAR, 0);
        assertThat(epoch.decoder().lastByClock()).isZero();
    }

    @Test
    void withoutARecordTimestampThereIsStillAnEndOfTime() {
        long last = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
        assertThat(time(last, -1)).isEqualTo(last);
        assertThat(refuse(String.valueOf(last + 1), -1)).endsWith("is after the year 9999");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775807",
                "-9223372036854775808",
                "1e100",
                "-1e100",
                "99999999999999999999999999999999999999"
            })
    void absurdTimesAreOutOfRangeWhateverTheRecordTimestamp(String time) {
        for (long recordTime : new long[] {-1, 0, NEW_YEAR, Long.MAX_VALUE, Long.MIN_VALUE}) {
            refuse(time, recordTime);
        }
    }

    @Test
    void usesTheRecordTimestampWithoutAField() {
        Decoding decoding = new Decoding()
                .timestamp(new TimestampSpec(null, "", ZoneOffset.UTC, Instant.ofEpochMilli(FLOOR), Duration.ZERO));
        TestRecord record = TestRecord.of("b", "a b");
        assertThat(decoding.accept(record.at(FLOOR)).time()).isEqualTo(FLOOR);
        decoding.reject(Reason.TIMESTAMP_OUT_OF_RANGE, record.at(FLOOR - 1));
        decoding.reject(Reason.TIMESTAMP_OUT_OF_RANGE, record.at(Long.MAX_VALUE));
        assertThat(decoding.reject(Reason.BAD_TIMESTAMP, record.at(-1)))
                .isEqualTo("the record has no timestamp, which is to be its event time");
    }

    @Test
    void quotesWhatIsNotATime() {
        assertThat(epoch.reject(Reason.BAD_TIMESTAMP, TestRecord.of("k", "\u001B[31mred\\")))
                .isEqualTo("field 'time' holds '\\x1b[31mred\\\\', which is not a valid time of the form epoch-millis");
    }

    private long time(long time, long recordTime) {
        return epoch.accept(TestRecord.of("k", String.valueOf(time)).at(recordTime))
                .time();
    }

    private String refuse(String time, long recordTime) {
        return epoch.reject(
                Reason.TIMESTAMP_OUT_OF_RANGE, TestRecord.of("k", time).at(recordTime));
    }
}
