package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S,     0s",
        "PT0.005S, 5ms",
        "PT1.5S,   1500ms",
        "PT90S,    90s",
        "PT2M,     2m",
        "PT3H,     3h",
        "P36525D,  36525d",
        "PT-1S,    -1s",
        "PT0.0000015S, PT0.0000015S",
    })
    void printsInTheLargestWholeUnit(Duration duration, String text) {
        assertThat(Durations.print(duration)).isEqualTo(text);
    }
}
