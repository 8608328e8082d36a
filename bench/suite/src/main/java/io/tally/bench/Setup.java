package io.tally.bench;

import io.tally.bench.contender.FlinkJob;
import io.tally.bench.ground.Markdown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * What was measured, on what, and with which settings.
 *
 * @param commit that was built, with {@code -dirty} if something in the working tree was changed
 * @param processors number of them, shared by all processes
 * @param processor its name
 * @param settings of the suite
 */
public record Setup(
        String commit,
        String processor,
        int processors,
        String java,
        String kafka,
        String flink,
        String rocksDb,
        Map<String, String> settings) {
    private static final String PREFIX = "bench.";
    private static final String UNKNOWN = "of unknown version";
    private static final Pattern ROCKS_DB = Pattern.compile("rocksdbjni-([^/\\\\]+)\\.jar");
    private static final Pattern PROCESSOR = Pattern.compile("model name\\s*:\\s*(.*)");

    static Setup find() throws IOException {
        Map<String, String> settings = System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .collect(Collectors.toMap(
                        name -> name.substring(PREFIX.length()), System::getProperty, (a, b) -> a, TreeMap::new));
        return new Setup(
                commitOfBuild(),
                first(PROCESSOR, Files.readString(Path.of("/proc/cpuinfo"))),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                AppInfoParser.getVersion(),
                FlinkJob.version(),
                first(ROCKS_DB, System.getProperty("java.class.path")),
                settings);
    }

    /** As the build has noted it; unknown where the sources are not a clone. */
    private static String commitOfBuild() throws IOException {
        Properties git = new Properties();
        try (InputStream noted = Setup.class.getResourceAsStream("/git.properties")) {
            if (noted != null) {
                git.load(noted);
            }
        }
        String dirty = Boolean.parseBoolean(git.getProperty("git.dirty")) ? "-dirty" : "";
        return git.getProperty("git.commit.id.abbrev", UNKNOWN) + dirty;
    }

    private static String first(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1))
                .findFirst()
                .orElse(UNKNOWN);
    }

    String markdown() {
        return new Markdown()
                .paragraph(
                        "Tally %s; %d processors shared by all (%s); Java %s, Kafka %s, %s, RocksDB %s.",
                        commit, processors, processor, java, kafka, flink, rocksDb)
                .paragraph(
                        "Settings: %s.",
                        settings.entrySet().stream()
                                .map(setting -> "`" + setting.getKey() + "=" + setting.getValue() + "`")
                                .collect(Collectors.joining(", ")))
                .toString();
    }
}
