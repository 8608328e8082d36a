package io.tally.codec.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternLettersTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "yyyy-mm-dd HH:MM:ss  | true",
                "yyyymmddHHMMss       | true",
                "dd/mm/yy HH:MM       | true",
                "mm/dd/yyyy HH:MM     | true",
                "HH:MM:ss dd.mm.yyyy  | true",
                "yyyy-MM-dd HH:mm:ss  | false",
                "HH:mm dd.MM.yyyy     | false",
                "ss mm HH dd MM yyyy  | false",
                "MMM d yyyy hh:mm a   | false",
                "dd MMM yyyy 'at' HH:mm | false",
            })
    void knowsMonthsFromMinutes(String pattern, boolean swapped) {
        assertThat(new PatternLetters(pattern).swapsMonthsAndMinutes()).isEqualTo(swapped);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "yyyy-mm-dd HH:MM:ss  | has minutes (m) in the date and months (M) in the time of day",
                "YYYY-MM-dd HH:mm     | YYYY is the year of weeks, the year is yyyy",
                "yyyy-MM-DD HH:mm     | has the day of the year (D) beside a month; the day of the month is dd",
                "yyyy-mm-dd           | mm are minutes, months are MM",
                "yyyy-MM-dd hh:mm     | hh needs AM or PM (a), hours of the day are HH",
                "%Y-%m-%d             | patterns are those of Java",
                "ISO-8601             | iso reads times of RFC 3339 and ISO 8601",
                "rfc3339              | iso reads times of RFC 3339 and ISO 8601",
            })
    void saysWhatWasMeant(String pattern, String meant) {
        assertThatThrownBy(() -> new TimestampSpec("t", pattern, ZoneOffset.UTC, Instant.EPOCH, Duration.ZERO))
                .hasMessageContaining(meant);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "yyyy-MM-dd'T'HH:mm:ss'Z'       | Europe/Berlin | true",
                "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'   | +01:00        | true",
                "yyyy-MM-dd'T'HH:mm:ss'Z'       | UTC           | false",
                "yyyy-MM-dd'T'HH:mm:ss'Z'       | Etc/UTC       | false",
                "yyyy-MM-dd'T'HH:mm:ssX         | Europe/Berlin | false",
                "yyyy-MM-dd'T'HH:mm:ss          | Europe/Berlin | false",
                "yyyy-MM-dd'Z'HH:mm:ss[XXX]     | Europe/Berlin | false",
                "iso                            | Europe/Berlin | false",
            })
    void knowsAZThatIsPassedOver(String pattern, ZoneId zone, boolean passedOver) {
        assertThat(new TimestampSpec("t", pattern, zone, Instant.EPOCH, Duration.ZERO).passesOverUtc())
                .isEqualTo(passedOver);
    }
}
