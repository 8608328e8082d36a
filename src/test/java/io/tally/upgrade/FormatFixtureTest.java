package io.tally.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State, commits and records that versions of Tally have left, each after a crash and after a planned stop, are
 * restored by this version, which then sends what that version would have sent.
 *
 * <p>A directory is never changed. A new version adds its own: {@code ./mvnw test -Dtest=FormatFixtureTest
 * -Dtally.fixture.write=0.2}. A version that reads records in another way, which its replay fingerprint says, refuses
 * the crashes of earlier ones, as documented; then those directories go, and those of planned stops stay.
 */
class FormatFixtureTest {
    private static final Path ROOT = Path.of("src/test/resources/io/tally/upgrade");

    private static final String COMMON = """
            tally:
              pipelines:
                fixture:
                  source: {topic: records, format: csv, columns: [time, key, number, text]}
                  timestamp: {field: time, format: epoch-millis}
                  key: {fields: [key]}
                  shuffle: never
                  window: {type: tumbling, size: 10s, grace: 2s}
                  checkpoint: {interval: 1s, max-entries-per-transaction: 10}
                  sink: {topic: rows}
                  aggregates:
                    count: {type: count}
            """;

    private static final String FUNCTIONS = """
                    sum: {type: sum, field: number}
                    min: {type: min, field: number}
                    avg: {type: avg, field: number}
                    stddev: {type: stddev, field: number}
                    first: {type: first, field: text}
                    last: {type: last, field: text}
                    distinct: {type: distinct, field: text}
                    about: {type: distinct-approx, field: text, precision: 6}
                    quantiles: {type: quantiles, field: number, quantiles: [0.5, 0.9]}
                    top: {type: top, field: text, n: 2}
                    top-sum: {type: top, field: text, by: number}
                    collect: {type: collect, field: text, limit: 3}
            """;

    private static final String WINDOW = "window: {type: tumbling, size: 10s, grace: 2s}";

    private static Map<String, String> configs() {
        Map<String, String> configs = new LinkedHashMap<>();
        configs.put("tumbling", COMMON + FUNCTIONS);
        configs.put("session", COMMON.replace(WINDOW, "window: {type: session, gap: 4s, grace: 2s}"));
        configs.put("totals", COMMON.replace(WINDOW, "window: {type: none, ttl: 20s}") + FUNCTIONS);
        configs.put("hopping", COMMON.replace(WINDOW, "window: {type: hopping, size: 20s, advance: 5s, grace: 2s}"));
        configs.put("updates", COMMON.replace(WINDOW, WINDOW + "\n      emit: updates"));
        configs.put("shuffled", COMMON.replace("shuffle: never", "shuffle: always") + FUNCTIONS);
        return configs;
    }

    @Test
    @EnabledIfSystemProperty(named = "tally.fixture.write", matches = ".+")
    void writes() throws IOException {
        Path version = ROOT.resolve(System.getProperty("tally.fixture.write"));
        for (Map.Entry<String, String> config : configs().entrySet()) {
            for (boolean stopped : new boolean[] {false, true}) {
                Fixture fixture = new Fixture(config.getValue());
                fixture.fill();
                fixture.restore();
                fixture.work(0.6);
                if (stopped) {
                    fixture.checkpoint();
                } else {
                    assertThat(fixture.replayed()).as(config.getKey()).isPositive();
                }
                Path directory = version.resolve(config.getKey() + (stopped ? "-stopped" : "-crashed"));
                fixture.write(directory);
                fixture.forgetSent();
                fixture.work(1);
                Files.write(directory.resolve("rows.txt"), fixture.outcome());
            }
        }
    }

    static List<Path> fixtures() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(path -> Files.exists(path.resolve("config.yml")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void goesOnWhereAnotherVersionHasStopped(Path directory) throws IOException {
        Fixture fixture = Fixture.read(directory);
        fixture.restore();
        assertThat(fixture.replayed() > 0).isEqualTo(directory.toString().endsWith("-crashed"));
        fixture.work(1);
        assertThat(fixture.outcome()).isEqualTo(Files.readAllLines(directory.resolve("rows.txt")));
    }
}
