package io.tally.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * What was measured, on what, and with which settings.
 *
 * @param commit of the working tree, with {@code -dirty} if something in it was changed
 * @param processors number of them, shared by all processes
 * @param processor its name
 * @param settings of the suite
 */
record Setup(
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

    static Setup find() throws IOException, InterruptedException {
        Map<String, String> settings = System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .collect(Collectors.toMap(
                        name -> name.substring(PREFIX.length()), System::getProperty, (a, b) -> a, TreeMap::new));
        return new Setup(
                workingTree(),
                first(PROCESSOR, Files.readString(Path.of("/proc/cpuinfo"))),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                AppInfoParser.getVersion(),
                FlinkJob.version(),
                first(ROCKS_DB, System.getProperty("java.class.path")),
                settings);
    }

    /** Unknown where the sources are not a clone, or there is no Git. */
    private static String workingTree() throws InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
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
