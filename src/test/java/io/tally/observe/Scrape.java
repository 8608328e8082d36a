package io.tally.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tally's own metrics in what Prometheus gets, and in files that name them. */
public final class Scrape {
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (tally_\\w+) ");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(tally_\\w+)(\\{[^}]*})? (\\S+)$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(tally_[a-z_]+)` \\|");
    private static final Pattern DISTRIBUTION =
            Pattern.compile("(?m)^\\| `(tally_[a-z_]+)` \\| (histogram|summary) \\|");
    private static final Path DOCUMENTATION = Path.of("docs/metrics.md");
    private static final Pattern NAME = Pattern.compile("\\btally_[a-z_]+[a-z]\\b");

    private final Set<String> families;
    private final Map<String, Double> samples = new TreeMap<>();

    private Scrape(String text) {
        families = names(FAMILY, text);
        // Micrometer's addition to timers and summaries.
        families.removeIf(name -> name.endsWith("_max") && families.contains(name.substring(0, name.length() - 4)));
        Matcher sample = SAMPLE.matcher(text);
        while (sample.find()) {
            samples.put(
                    sample.group(1) + (sample.group(2) == null ? "" : sample.group(2)),
                    Double.valueOf(sample.group(3)));
        }
    }

    /** @param text what is at {@code /actuator/prometheus} */
    public static Scrape of(String text) {
        return new Scrape(text);
    }

    /** Names of the metrics, a histogram's without its suffixes. */
    public Set<String> families() {
        return families;
    }

    /** Names of all samples, a histogram's with its suffixes. */
    public Set<String> sampleNames() {
        return samples.keySet().stream()
                .map(sample -> sample.replaceFirst("\\{.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Sum of the samples of a name that have all these labels, each written {@code name="value"}. */
    public double sum(String name, String... labels) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().replaceFirst("\\{.*", "").equals(name))
                .filter(sample -> Set.of(labels).stream().allMatch(sample.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** The metrics that the documentation lists. */
    public static Set<String> documented() {
        return names(ROW, read(DOCUMENTATION));
    }

    /** The same with the suffixes that samples of histograms and summaries have. */
    static Set<String> documentedSamples() {
        Set<String> samples = new TreeSet<>(documented());
        Matcher row = DISTRIBUTION.matcher(read(DOCUMENTATION));
        while (row.find()) {
            samples.remove(row.group(1));
            samples.add(row.group(1) + "_sum");
            samples.add(row.group(1) + "_count");
            samples.add(row.group(1) + "_max");
            if (row.group(2).equals("histogram")) {
                samples.add(row.group(1) + "_bucket");
            }
        }
        return samples;
    }

    /** All metrics of Tally that a file names. */
    public static Set<String> named(Path file) {
        return NAME.matcher(read(file))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
