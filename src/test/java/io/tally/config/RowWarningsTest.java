package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.sink.SinkFormat;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RowWarningsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:34:56.789Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String SECONDS = "yyyy-MM-dd_HH:mm:ss";

    @Test
    void namesTheTwoWindowsAndTheRemedy() {
        WindowSpec hours = WindowSpec.of(Windowing.hours(BERLIN), Duration.ZERO);
        assertThat(warnings("{start} {key} {count}", SECONDS, BERLIN, hours))
                .containsExactly("sink.time-format 'yyyy-MM-dd_HH:mm:ss' with zone Europe/Berlin gives the windows"
                        + " [2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z) and [2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z),"
                        + " which have clocks going back in between, the same text in their rows, {start}"
                        + " 2026-10-25_02:00:00: no reader can tell them apart; let the format have the offset (xxx), or"
                        + " leave it out, which shows the offset of such times, or use iso or an epoch format");
        // The end tells: 02:00 to 02:00, and 02:00 to 03:00.
        assertThat(warnings("{start} {end} {count}", SECONDS, BERLIN, hours)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{start} {end}|yyyy-MM-dd_HH:mm:ss    |Europe/Berlin|10m|clocks going back",
                "{end}        |yyyy-MM-dd_HH:mm:ss    |Europe/London|10m|clocks going back",
                "{start}      |yyyy-MM-dd_HH:mm:ss    |Australia/Lord_Howe|1m|clocks going back",
                "{start}      |yyyy-MM-dd_HH:mm       |Europe/Berlin|7m |",
                "{start}      |yyyy-MM-dd_HH:mm:ss xxx|Europe/Berlin|10m|",
                "{start}      |yyyy-MM-dd_HH:mm:ss z  |Europe/Berlin|10m|",
                "{start}      |iso                    |Europe/Berlin|10m|",
                "{start}      |epoch-millis           |Europe/Berlin|10m|",
                "{start}      |yyyy-MM-dd_HH:mm:ss    |UTC          |10m|",
                "{start}      |yyyy-MM-dd_HH:mm:ss    |Asia/Tokyo   |10m|",
                "{start}      |yyyy-MM-dd_HH:mm:ss    |Europe/Berlin|1d |",
                "{key}        |yyyy-MM-dd             |Europe/Berlin|10m|",
                "{start}      |yyyy-MM-dd             |UTC          |10m|follow one another",
                "{start}      |hh:mm:ss               |UTC          |12h|follow one another",
            })
    void knowsWhichWindowsLookTheSame(
            String template, String format, ZoneId zone, String size, @Nullable String problem) {
        WindowSpec window = WindowSpec.of(Windowing.tumbling(DurationStyle.SIMPLE.parse(size.strip())), Duration.ZERO);
        List<String> found = warnings(template.strip(), format.strip(), zone, window);
        if (problem == null) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).singleElement().asString().contains(problem);
        }
    }

    @Test
    void looksAtSessionsAndLeavesTotalsAlone() {
        Duration gap = Duration.ofMinutes(30);
        WindowSpec sessions =
                new WindowSpec(new WindowKind.Sessions(gap), Duration.ZERO, Duration.ZERO, Emission.FINAL);
        assertThat(warnings("{start} {end}", SECONDS, BERLIN, sessions)).hasSize(1);
        WindowSpec totals = new WindowSpec(new WindowKind.Totals(null), Duration.ZERO, Duration.ZERO, Emission.UPDATES);
        assertThat(warnings("{start} {key}", SECONDS, BERLIN, totals)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "{key}{count},           {key}{count}",
        "{start} {count}x{key},  {count}x{key}",
        "{start}{key} {count},",
        "{key}.{count},",
        "{key},",
    })
    void knowsWhatCannotBeTakenApart(String template, @Nullable String inseparable) {
        List<String> found = warnings(
                template, "iso", BERLIN, WindowSpec.of(Windowing.tumbling(Duration.ofHours(1)), Duration.ZERO));
        assertThat(found)
                .isEqualTo(
                        inseparable == null
                                ? List.of()
                                : List.of("sink.template '" + template + "' has " + inseparable + ", of which no reader"
                                        + " can tell where the first ends; put a separator in between"));
    }

    @Test
    void areLoggedAtStartUnlessTheDefaultTellsTheHoursApart(CapturedOutput output) {
        String yaml = """
                tally:
                  pipelines:
                    clicks:
                      source: {topic: clicks, columns: [time, user]}
                      timestamp: {field: time, format: "yyyy-MM-dd_HH:mm:ss", zone: Europe/Berlin}
                      window: {type: calendar, size: 1h}
                      sink: {topic: clicks-per-hour, template: "{start} {key} {count}"}
                """;
        Startup.yaml(yaml, context -> {});
        assertThat(output).doesNotContain("WARN");
        Startup.yaml(yaml, context -> {}, "--tally.pipelines.clicks.sink.time-format=HH:mm dd.MM.yyyy");
        assertThat(output)
                .containsOnlyOnce("Pipeline clicks: sink.time-format 'HH:mm dd.MM.yyyy' with zone Europe/Berlin gives"
                        + " the windows");
    }

    private static List<String> warnings(String template, String format, ZoneId zone, WindowSpec window) {
        return RowWarnings.of("sink", new SinkFormat.Text(template, format, zone), window, NOW);
    }
}
