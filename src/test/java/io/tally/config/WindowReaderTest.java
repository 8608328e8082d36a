package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.WindowResult;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.PipelineSpec;
import io.tally.window.CalendarUnit;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The windows of the packaged pipeline (tumbling, 5 s, with 5 s of grace) with settings from the command line. */
@ExtendWith(OutputCaptureExtension.class)
class WindowReaderTest {
    private static final Duration SECONDS = Duration.ofSeconds(5);

    @Test
    void readsEveryKindOfWindow() {
        assertThat(spec().window()).isEqualTo(WindowSpec.of(Windowing.tumbling(SECONDS), SECONDS));
        assertThat(spec("window.type=hopping", "window.advance=2s").window())
                .isEqualTo(WindowSpec.of(Windowing.hopping(SECONDS, Duration.ofSeconds(2)), SECONDS));
        assertThat(spec("window.type=cumulative", "window.advance=1s").window())
                .isEqualTo(WindowSpec.of(Windowing.cumulative(SECONDS, Duration.ofSeconds(1)), SECONDS));
        assertThat(spec("window.offset=-1s").window())
                .isEqualTo(WindowSpec.of(Windowing.tumbling(SECONDS, Duration.ofSeconds(4)), SECONDS));
        assertThat(spec("window.type=hopping", "window.advance=2s", "window.offset=1s")
                        .window())
                .isEqualTo(WindowSpec.of(
                        Windowing.hopping(SECONDS, Duration.ofSeconds(2), Duration.ofSeconds(1)), SECONDS));
        assertThat(spec("window.type=cumulative", "window.advance=1s", "window.offset=3s")
                        .window())
                .isEqualTo(WindowSpec.of(
                        Windowing.cumulative(SECONDS, Duration.ofSeconds(1), Duration.ofSeconds(3)), SECONDS));
        assertThat(calendar("unit=week", "first-day=sunday", "zone=Europe/Berlin", "offset=18h")
                        .window())
                .isEqualTo(WindowSpec.of(
                        Windowing.periods(
                                CalendarUnit.WEEK, ZoneId.of("Europe/Berlin"), DayOfWeek.SUNDAY, Duration.ofHours(18)),
                        SECONDS));
        assertThat(calendar("unit=hour").window()).isEqualTo(WindowSpec.of(Windowing.hours(ZoneOffset.UTC), SECONDS));
        assertThat(spec("window.type=session", "window.gap=30m").window())
                .isEqualTo(new WindowSpec(
                        new WindowKind.Sessions(Duration.ofMinutes(30)), SECONDS, Duration.ZERO, Emission.FINAL));
        assertThat(spec("window.type=none").window())
                .isEqualTo(new WindowSpec(new WindowKind.Totals(null), SECONDS, Duration.ZERO, Emission.UPDATES));
        assertThat(spec("window.type=none", "window.ttl=7d", "emit=final").window())
                .isEqualTo(new WindowSpec(
                        new WindowKind.Totals(Duration.ofDays(7)), SECONDS, Duration.ZERO, Emission.FINAL));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 30000, 30000",
        "emit=updates, 100, 30000",
        "emit=updates emit-interval=1s, 1000, 30000",
        "emit=updates emit-interval=0s, 0, 30000",
        "emit=updates emit-interval=5m, 300000, 300000",
        "window.type=none, 100, 30000",
        "window.type=none window.ttl=1h, 100, 30000",
        "window.type=none window.ttl=1h emit-interval=5m, 300000, 30000",
        "window.type=session window.gap=2s emit=updates, 100, 30000",
        "window.type=session window.gap=2s emit=updates emit-interval=5m, 300000, 30000"
    })
    void updatesLeaveAtAnAgeOfTheirOwn(String properties, long millis, long checkpointMillis) {
        CheckpointPolicy policy = spec(properties.isEmpty() ? new String[0] : properties.split(" "))
                .checkpoint();
        assertThat(policy.everyTransaction()).isFalse();
        assertThat(policy.interval()).isEqualTo(Duration.ofMillis(checkpointMillis));
        assertThat(policy.emitInterval()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void rowsThatMayComeAgainEndWithARevision() {
        assertThat(row(spec())).isEqualTo("1970-01-01_00:00:00 k 7");
        assertThat(row(spec("emit=updates"))).isEqualTo("1970-01-01_00:00:00 k 7 3");
        assertThat(row(spec("window.allowed-lateness=1m"))).isEqualTo("1970-01-01_00:00:00 k 7 3");
        assertThat(row(spec("window.type=none"))).isEqualTo("1970-01-01_00:00:00 k 7 3");
        assertThat(row(spec("emit=updates", "sink.template={key} {final}"))).isEqualTo("k true");
        assertThat(row(spec("window.type=session", "window.gap=2s"))).isEqualTo("1970-01-01_00:00:00 k 7");
        assertThat(row(spec("window.type=session", "window.gap=2s", "window.allowed-lateness=1m")))
                .isEqualTo("1970-01-01_00:00:00 k 7 1970-01-01_00:00:05 3 []");
        assertThat(row(spec("window.type=cumulative", "window.advance=1s", "emit=updates")))
                .isEqualTo("1970-01-01_00:00:00 k 7 1970-01-01_00:00:05 3");
    }

    private static String row(PipelineSpec spec) {
        ResultEncoder encoder = spec.encoders().get(0).get();
        WindowResult row = new WindowResult(0, 5000, new byte[] {'k'}, new Object[] {7L}, 3, true);
        return new String(encoder.encode(row), StandardCharsets.UTF_8);
    }

    /** Entries must not be read with another meaning. Settings that do not change their meaning may change. */
    @Test
    void theStructureIsWhatGivesEntriesTheirMeaning() {
        List<PipelineSpec> different = List.of(
                spec(),
                spec("window.allowed-lateness=1m"),
                spec("window.allowed-lateness=2m"),
                spec("emit=updates"),
                spec("window.type=hopping", "window.advance=1s"),
                spec("window.type=hopping", "window.advance=2s"),
                spec("window.type=hopping", "window.advance=1s", "emit=updates"),
                spec("window.type=cumulative", "window.advance=1s"),
                spec("window.type=session", "window.gap=1s"),
                spec("window.type=session", "window.gap=2s"),
                spec("window.type=session", "window.gap=2s", "emit=updates"),
                spec("window.type=session", "window.gap=2s", "window.allowed-lateness=1m"),
                spec("window.type=session", "window.gap=2s", "window.allowed-lateness=1m", "emit=updates"),
                spec("window.type=none"),
                spec("window.type=none", "window.ttl=1h"),
                spec("window.offset=1s"),
                spec("window.offset=2s"),
                calendar("unit=hour"),
                calendar("unit=day"),
                calendar("unit=day", "offset=18h"),
                calendar("unit=week"),
                calendar("unit=week", "offset=-6h"),
                calendar("unit=week", "first-day=sunday"),
                calendar("unit=month"),
                calendar("unit=quarter"),
                calendar("unit=year"));
        assertThat(different.stream().map(spec -> spec.fingerprint().structure()))
                .doesNotHaveDuplicates();

        assertThat(spec("emit=final").fingerprint()).isEqualTo(spec().fingerprint());
        assertThat(spec("window.type=none", "emit=updates", "emit-interval=9s").fingerprint())
                .isEqualTo(spec("window.type=none").fingerprint());
        assertThat(spec("window.type=session", "window.gap=1s", "window.size=9s")
                        .fingerprint())
                .isEqualTo(spec("window.type=session", "window.gap=1s").fingerprint());
        assertThat(spec("window.offset=0s").fingerprint()).isEqualTo(spec().fingerprint());
        assertThat(spec("window.offset=-1s").fingerprint())
                .isEqualTo(spec("window.offset=4s").fingerprint());
        assertThat(calendar("unit=day", "offset=-6h").fingerprint())
                .isEqualTo(calendar("unit=day", "offset=18h").fingerprint());
        assertThat(calendar("unit=day").fingerprint())
                .isEqualTo(spec("window.type=calendar", "window.size=1d").fingerprint());
        assertThat(calendar("unit=week", "first-day=monday", "offset=0s").fingerprint())
                .isEqualTo(calendar("unit=week").fingerprint());
        assertThat(spec("window.allowed-lateness=1m", "emit=updates").fingerprint())
                .isEqualTo(spec("window.allowed-lateness=1m").fingerprint());
    }

    /** Committed offsets carry the hash: it must not change with the code. */
    @ParameterizedTest
    @CsvSource({
        "hopping,    advance=2s, emit=final,   fe0dfa4ba5f5e022",
        "cumulative, advance=1s, emit=updates, 5a96ea4566204b56",
        "session,    gap=30m,    emit=final,   dde394246869fe15",
        "session,    gap=30m,    emit=updates, b579b76d8123df1f",
        "calendar,   size=1d,    emit=final,   db8d0399228388bb",
        "calendar,   size=1h,    emit=final,   73509f308d2d6e75",
        "tumbling,   offset=1s,  emit=final,   e85682a0df6d4eb3",
        "none,       grace=5s,   emit=updates, a0e674bc71f8e6d1",
        "none,       ttl=7d,     emit=updates, 7ee457dd708e3080"
    })
    void pinsTheFingerprintOfEachKind(String type, String setting, String emit, String structure) {
        assertThat(spec("window.type=" + type, "window." + setting, emit)
                        .fingerprint()
                        .structure())
                .isEqualTo(structure);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hopping    | advance=6s | must be at most the size, 5s: records between windows would be lost",
                "cumulative | advance=2s | must divide the size, 5s, for windows of type cumulative",
                "none       | allowed-lateness=1s | has no meaning for windows of type none",
                "session    | gap=0s | must be a whole number of milliseconds from 1ms to 36525d",
                "none       | ttl=0s | must be a whole number of milliseconds from 1ms to 36525d"
            })
    void refusesWhatMakesNoSense(String type, String setting, String reason, CapturedOutput output) {
        assertThat(failure(output, "window.type=" + type, "window." + setting)).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unit=month  first-day=sunday | is for window.unit week",
                "unit=hour offset=30m         | is for days and longer",
                "unit=day offset=24h          | must be a whole number of milliseconds from -86399999ms to 86399999ms",
                "unit=fortnight               | is none of hour, day, week, month, quarter, year",
                "unit=week size=14d           | has no meaning beside window.unit, which is week",
                "zone=UTC                     | is required for windows of type calendar: hour, day, week, month"
            })
    void refusesWhatIsNoCalendar(String settings, String reason, CapturedOutput output) {
        assertThat(failure(output, ofCalendar(settings.split(" +")))).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7d       | UTC           | a window of 7d begins on a Thursday at 00:00 UTC",
                "14d      | UTC           | a window of 14d begins on a Thursday at 00:00 UTC",
                "30d      | UTC           | a window of 30d is no month of the calendar",
                "1d       | Europe/Berlin | a window of 1d begins at 00:00 UTC, not at midnight in Europe/Berlin",
                "1d       | UTC           | ",
                "1d       | GMT           | ",
                "6h       | Europe/Berlin | a window of 6h begins at 00:00 UTC, and none at midnight in Europe/Berlin; with window.offset",
                "2h       | Europe/Berlin | a window of 2h begins at 00:00 UTC, and for half of the year none at midnight in Europe/Berlin",
                "1h       | Asia/Kolkata  | a window of 1h begins at 00:00 UTC, and none at midnight in Asia/Kolkata; for the hours of a zone set",
                "10m      | Asia/Kathmandu | a window of 10m begins at 00:00 UTC, and none at midnight in Asia/Kathmandu; with window.offset 5m one does; if",
                "1h       | Europe/Berlin | ",
                "15m      | Asia/Kathmandu | ",
                "7h       | Europe/Berlin | ",
                "5s       | Europe/Berlin | "
            })
    void saysWhenLongWindowsBegin(String size, String zone, @Nullable String sentence, CapturedOutput output) {
        String[] settings = {
            "--tally.pipelines.ip-count.window.size=" + size, "--tally.pipelines.ip-count.timestamp.zone=" + zone
        };
        Startup.packaged(context -> assertThat(context).isNotNull(), settings);
        if (sentence == null) {
            assertThat(output).doesNotContain("a window of");
        } else {
            assertThat(output).contains("Pipeline ip-count: " + sentence);
        }
    }

    @Test
    void anOffsetSaysWhenWindowsBegin(CapturedOutput output) {
        assertThat(spec("window.size=7d", "window.offset=0s")).isNotNull();
        assertThat(output).doesNotContain("a window of");
    }

    @Test
    void refusesTotalsThatNeverLeave(CapturedOutput output) {
        assertThat(failure(output, "window.type=none", "emit=final")).contains("needs a window.ttl");
    }

    @Test
    void refusesRecordsInThousandsOfWindows(CapturedOutput output) {
        assertThat(failure(
                        output,
                        "window.type=hopping",
                        "window.size=1d",
                        "window.advance=1s",
                        "window.allowed-lateness=1s"))
                .contains("must be at least a thousandth of the size, 1d");
    }

    @Test
    void refusesWindowsOfMoreSlicesThanCanBeKept(CapturedOutput output) {
        assertThat(failure(output, "window.type=hopping", "window.size=1d", "window.advance=1001ms"))
                .contains("cuts a window of 1d into 86400000 slices");
        assertThat(spec("window.type=hopping", "window.size=1d", "window.advance=1s"))
                .isNotNull();
    }

    private static PipelineSpec spec(String... settings) {
        List<PipelineSpec> specs = new ArrayList<>();
        Startup.packaged(
                context -> context.getBean(PipelineDefinitions.class).forEach(pipeline -> specs.add(pipeline.spec())),
                arguments(settings));
        return specs.get(0);
    }

    private static PipelineSpec calendar(String... settings) {
        return spec(ofCalendar(settings));
    }

    /** The packaged size is taken back. */
    private static String[] ofCalendar(String... settings) {
        List<String> all = new ArrayList<>(List.of("window.type=calendar"));
        if (!List.of(settings).contains("size=14d")) {
            all.add("window.size=");
        }
        for (String setting : settings) {
            all.add("window." + setting);
        }
        return all.toArray(String[]::new);
    }

    private static String failure(CapturedOutput output, String... settings) {
        return Startup.packagedFailure(output, arguments(settings));
    }

    private static String[] arguments(String... settings) {
        String[] arguments = new String[settings.length];
        for (int i = 0; i < settings.length; i++) {
            arguments[i] = "--tally.pipelines.ip-count." + settings[i];
        }
        return arguments;
    }
}
