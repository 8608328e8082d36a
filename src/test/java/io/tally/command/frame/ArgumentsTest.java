package io.tally.command.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.pipeline.log.OffsetRange;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the values of options mean, and how progress is shown. */
class ArgumentsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final List<CommandOption> OPTIONS =
            List.of(new CommandOption("n", "N", "a number"), new CommandOption("from", "PLACE", "a place"));

    private static Arguments parse(String... arguments) {
        return Arguments.parse(OPTIONS, List.of(arguments));
    }

    private static Place place(String text) {
        return Place.parse(parse("--from=" + text), "from", Place.END, NOW);
    }

    @Test
    void readsValuesInBothForms() {
        assertThat(parse("--n=5").number("n", 1, 0)).isEqualTo(5);
        assertThat(parse("--n", "1_000").number("n", 1, 0)).isEqualTo(1_000);
        assertThat(parse().number("n", 1, 0)).isEqualTo(1);
        assertThat(parse("--n=0s,5s, 1m").durations("n"))
                .containsExactly(Duration.ZERO, Duration.ofSeconds(5), Duration.ofMinutes(1));
        assertThat(parse("--n=0.001").share("n", 1)).isEqualTo(0.001);
        assertThat(parse("--a.b=c", "--n=1", "--d.e").properties()).containsExactly("--a.b=c", "--d.e");
    }

    @Test
    void refusesWrongValues() {
        assertThatThrownBy(() -> parse("--n=many").number("n", 1, 0)).hasMessageContaining("'many'");
        assertThatThrownBy(() -> parse("--n=0").number("n", 1, 1)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> parse("--n=2").share("n", 1)).hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> parse("--n=x").share("n", 1)).hasMessageContaining("no number");
        assertThatThrownBy(() -> parse("--n=5s,soon").durations("n")).hasMessageContaining("'soon'");
        assertThatThrownBy(() -> parse("--n=-5s").durations("n")).hasMessageContaining("less than nothing");
        assertThatThrownBy(() -> parse("--n=5").durations("n")).hasMessageContaining("'5'", "a unit");
        assertThatThrownBy(() -> parse("--n=5us").durations("n")).hasMessageContaining("'5us'");
        assertThatThrownBy(() -> parse("--n=1s,").durations("n")).hasMessageContaining("''");
        assertThatThrownBy(() -> place("-90")).hasMessageContaining("'-90'");
        assertThatThrownBy(() -> place("--1h")).hasMessageContaining("'--1h'");
        assertThatThrownBy(() -> place("yesterday")).isInstanceOf(UsageException.class);
    }

    @Test
    void readsPlaces() {
        assertThat(place("beginning")).isEqualTo(Place.BEGINNING);
        assertThat(place("end")).isEqualTo(Place.END);
        assertThat(place("17").offset()).isEqualTo(17);
        assertThat(place("-90m").time())
                .isEqualTo(Instant.parse("2026-01-31T10:30:00Z").toEpochMilli());
        assertThat(place("2026-01-01").time())
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
        assertThat(place("2026-01-01T01:00:00+01:00").time())
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
        assertThat(Place.parse(parse(), "from", Place.END, NOW)).isEqualTo(Place.END);
    }

    @Test
    void cutsRanges() {
        OffsetRange held = new OffsetRange(10, 20);
        assertThat(new OffsetRange(0, 15).within(held)).isEqualTo(new OffsetRange(10, 15));
        assertThat(new OffsetRange(0, 5).within(held).length()).isZero();
        assertThat(new OffsetRange(30, 40).within(held).length()).isZero();
        assertThatThrownBy(() -> new OffsetRange(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void showsProgressNowAndThen() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicLong clock = new AtomicLong();
        Progress lines = new Progress(new PrintStream(err, true), false, clock::get);
        lines.begin("reading", 100_000);
        for (int i = 0; i < 50_000; i++) {
            clock.addAndGet(Duration.ofSeconds(20).toNanos() / 50_000);
            lines.add(1);
        }
        assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.startsWith("reading: 2"));

        err.reset();
        Progress bar = new Progress(new PrintStream(err, true), true, clock::get);
        bar.begin("reading", 2_048);
        for (int i = 0; i < 1_024; i++) {
            clock.addAndGet(Duration.ofMillis(1).toNanos());
            bar.add(1);
        }
        bar.clear();
        assertThat(err.toString()).startsWith("\r[" + "#".repeat(15) + ".".repeat(15) + "] 1,024 of 2,048 (50 %)");
    }
}
