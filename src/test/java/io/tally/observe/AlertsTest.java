package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dashboard and the alerts that come with Tally. Prometheus itself checks and tests the rules: that needs its
 * {@code promtool} (Debian: {@code prometheus}); without it those tests skip and say so.
 */
class AlertsTest {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Path DIRECTORY = Path.of("deploy/prometheus");
    private static final String RULES = "tally.rules.yml";
    private static final String TESTS = "tally.rules.test.yml";
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern TESTED = Pattern.compile("alertname: (\\w+)\\n *exp_alerts:");
    private static final Pattern RUNBOOK = Pattern.compile("runbook: docs/alerts.md#(\\w+)");
    private static final Pattern HEADING = Pattern.compile("(?m)^### (\\w+)$");

    @TempDir
    Path temporary;

    @Test
    void areAcceptedByPrometheus() throws Exception {
        assertThat(promtool("check", "rules", RULES)).contains("SUCCESS");
    }

    @Test
    void fireWhenTheyShould() throws Exception {
        assertThat(promtool("test", "rules", TESTS)).contains("SUCCESS");
    }

    @Test
    void areEachTested() throws Exception {
        assertThat(all(TESTED, DIRECTORY.resolve(TESTS))).isEqualTo(all(ALERT, DIRECTORY.resolve(RULES)));
    }

    /** Each alert links to a paragraph, and each paragraph has an alert. */
    @Test
    void haveARunbook() throws Exception {
        Set<String> paragraphs = all(HEADING, Path.of("docs/alerts.md")).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(all(RUNBOOK, DIRECTORY.resolve(RULES))).isEqualTo(paragraphs);
        assertThat(Files.readString(DIRECTORY.resolve(RULES)).split("- alert:"))
                .hasSameSizeAs(Files.readString(DIRECTORY.resolve(RULES)).split("runbook:"));
    }

    @Test
    void nameOnlyMetricsThatAreDocumented() {
        assertThat(Scrape.named(DIRECTORY.resolve(RULES))).isSubsetOf(Scrape.documentedSamples());
    }

    @Test
    void dashboardShowsEveryMetric() {
        Set<String> shown = Scrape.named(Path.of("deploy/grafana/tally.json"));

        assertThat(shown).isSubsetOf(Scrape.documentedSamples());
        assertThat(Scrape.documented()).allMatch(name -> shown.stream().anyMatch(used -> used.startsWith(name)));
    }

    /** What Grafana needs of a dashboard that is imported: a data source to choose, and panels that do not overlap. */
    @Test
    void dashboardCanBeImported() throws Exception {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(Path.of("deploy/grafana/tally.json")));
        Set<Integer> ids = new TreeSet<>();
        Set<String> cells = new TreeSet<>();
        for (JsonNode panel : dashboard.get("panels").values()) {
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < place.get("w").asInt(); x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    assertThat(cells.add((place.get("x").asInt() + x) + "/"
                                    + (place.get("y").asInt() + y)))
                            .as("the place of %s is free", panel.get("title"))
                            .isTrue();
                }
            }
            for (JsonNode target : panel.path("targets").values()) {
                assertThat(target.at("/datasource/uid").asString()).isEqualTo("${datasource}");
            }
        }
        assertThat(dashboard.at("/templating/list/0/type").asString()).isEqualTo("datasource");
    }

    @Test
    void dashboardSaysWhatEachPanelMeansAndInWhichUnit() throws Exception {
        assertThat(panels()).hasSizeGreaterThan(30).allSatisfy(panel -> {
            assertThat(panel.path("description").asString())
                    .as("description of %s", panel.get("title"))
                    .isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/unit").asString())
                    .as("unit of %s", panel.get("title"))
                    .isNotBlank();
            assertThat(panel.path("targets").size()).isPositive();
        });
    }

    /** Each expression as a rule, with what Grafana puts in the place of its variables. */
    @Test
    void dashboardAsksInPromQl() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.get("targets").values()) {
                String expression = target.get("expr")
                        .asString()
                        .replace("$pipeline", ".*")
                        .replace("$instance", ".*")
                        .replace("$__rate_interval", "1m");
                assertThat(expression).as("no other variable").doesNotContain("$");
                rules.append("      - record: \"dashboard:panel")
                        .append(panel.get("id").asInt())
                        .append('_')
                        .append(target.get("refId").asString())
                        .append("\"\n        expr: '")
                        .append(expression.replace("'", "''"))
                        .append("'\n");
            }
        }
        Path file = temporary.resolve("dashboard.yml");
        Files.writeString(file, rules);
        assertThat(promtool("check", "rules", file.toString())).contains("SUCCESS");
    }

    /** Of the dashboard, without its headings. */
    private static List<JsonNode> panels() throws IOException {
        return new JsonMapper()
                .readTree(Files.readString(Path.of("deploy/grafana/tally.json"))).get("panels").values().stream()
                        .filter(panel -> !panel.get("type").asString().equals("row"))
                        .toList();
    }

    private String promtool(String... arguments) throws IOException, InterruptedException {
        assumeThat(Files.isExecutable(PROMTOOL))
                .as("The alerts are not tested: %s is missing (apt-get install prometheus)", PROMTOOL)
                .isTrue();
        List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
        command.addAll(List.of(arguments));
        Path output = temporary.resolve("promtool");
        Process process = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(() -> read(output)).isZero();
        return read(output);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> all(Pattern pattern, Path file) {
        return pattern.matcher(read(file))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
