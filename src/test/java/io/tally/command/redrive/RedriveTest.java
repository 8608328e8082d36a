package io.tally.command.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.CommitMetadata;
import io.tally.codec.key.Partitioner;
import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryPipeline;
import io.tally.command.audit.Audit;
import io.tally.command.frame.ExitCode;
import io.tally.command.recount.RedriveMark;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.plan.PipelineDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** After all re-drives the last rows are those of one count of all records, whatever happened in between. */
class RedriveTest {
    private static final String SOURCE = "ip_count_source";
    private static final String SINK = "ip_count_sink";
    private static final String P = "--tally.pipelines.ip-count.";
    private static final String FIX = "; timestamp.format=[yyyy-MM-dd_HH:mm:ss][yyyy/MM/dd_HH:mm:ss]";
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long GRACE = 5_000;
    /** The key of the records that close all windows. */
    private static final int END_NUMBER = 999;

    private static final String END = "k" + END_NUMBER;
    private static final JsonMapper JSON = new JsonMapper();

    private final MemoryLog log = new MemoryLog().topic(SOURCE, 2);
    private final MemoryWriter writer = new MemoryWriter(log);

    private static PipelineDefinition pipeline(String line) {
        return CommandRun.pipeline(
                List.of(line.split("; ")).stream().map(property -> P + property).toArray(String[]::new));
    }

    private static String time(String pattern, long time) {
        return DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC).format(Instant.ofEpochMilli(time));
    }

    /** A key that producers put into that partition. */
    private static String key(int partition, int number) {
        for (int i = 0; ; i++) {
            String key = "k" + number + "." + i;
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            if (Partitioner.MURMUR2.partition(bytes, 0, bytes.length, 2) == partition) {
                return key;
            }
        }
    }

    private static String end(int partition) {
        return key(partition, END_NUMBER);
    }

    /** Lines of time, key and number; some late, some with a time that the first configuration cannot read. */
    private void write(int records, Random random) {
        for (int i = 0; i < records; i++) {
            long time = START + 100L * i;
            int partition = random.nextInt(2);
            String key = key(partition, random.nextInt(3));
            long back = random.nextInt(6) == 0 ? random.nextInt(40_000) : random.nextInt(3_000);
            String pattern = random.nextInt(8) == 0 ? "yyyy/MM/dd_HH:mm:ss" : "yyyy-MM-dd_HH:mm:ss";
            log.add(SOURCE, partition, time, key, time(pattern, time - back) + " " + key + " " + i);
            if (random.nextInt(25) == 0) {
                log.add(SOURCE, partition, time, key, random.nextBoolean() ? "no-time " + key + " x" : null);
            }
        }
        for (int partition = 0; partition < 2; partition++) {
            long end = START + 100L * records + 4_000_000;
            String key = end(partition);
            log.add(SOURCE, partition, end, key, time("yyyy-MM-dd_HH:mm:ss", end) + " " + key + " 0");
        }
    }

    /** As if the pipeline had been started again with that configuration. */
    static void restarted(MemoryLog log, PipelineDefinition pipeline) {
        TreeMap<Integer, CommittedOffset> offsets = new TreeMap<>();
        log.committed(pipeline.groupId(), SOURCE).forEach((partition, committed) -> {
            CommitMetadata was = CommitMetadata.parse(committed.metadata());
            offsets.put(
                    partition,
                    new CommittedOffset(
                            committed.offset(),
                            new CommitMetadata(
                                            was.offset(),
                                            was.watermark(),
                                            was.recoveryOffset(),
                                            was.cutWatermark(),
                                            was.birthOffset(),
                                            was.ledger(),
                                            was.storedEntries(),
                                            was.storedDigest(),
                                            pipeline.spec().fingerprint(),
                                            was.transactionalId())
                                    .format()));
        });
        log.commit(pipeline.groupId(), SOURCE, offsets);
    }

    /** Up to where the side partitions were looked at. */
    private static List<String> ends(CommandRun run) {
        JsonNode sides = run.json().get("sides");
        return sides.propertyNames().stream()
                .map(side -> side + "@" + sides.get(side).get("to"))
                .toList();
    }

    private CommandRun redrive(PipelineDefinition pipeline, int mostRows, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--json");
        return CommandRun.of(
                new Redrive(mostRows), pipeline, CommandRun.access(log, writer), all.toArray(String[]::new));
    }

    /** The windows that contain a time, by their starts and ends. */
    private static List<long[]> windows(String line, long time) {
        List<long[]> all = new ArrayList<>();
        if (line.contains("cumulative")) {
            long start = Math.floorDiv(time, 20_000) * 20_000;
            for (long end = start + 5_000; end <= start + 20_000; end += 5_000) {
                if (time < end) {
                    all.add(new long[] {start, end});
                }
            }
            return all;
        }
        long size = line.contains("hopping") ? 10_000 : line.contains("calendar") ? 3_600_000 : 5_000;
        long advance = line.contains("hopping") ? 2_000 : size;
        for (long start = Math.floorDiv(time - size, advance) * advance; start <= time; start += advance) {
            if (time < start + size) {
                all.add(new long[] {start, start + size});
            }
        }
        return all;
    }

    /**
     * What each window and key consists of, in the order of the source: all records, but those that came in time for
     * some of their windows alone are counted in these.
     */
    private Map<String, List<String>> batch(String line, long lateness, boolean isFixed) {
        Map<String, List<String>> rows = new TreeMap<>();
        Map<String, Long> times = new HashMap<>();
        for (int partition = 0; partition < 2; partition++) {
            long highest = Long.MIN_VALUE;
            for (MemoryLog.Entry entry : log.records(SOURCE, partition)) {
                String[] parts = entry.value() == null
                        ? new String[0]
                        : text(entry.value()).split(" ");
                boolean isOther = parts.length > 0 && parts[0].contains("/");
                if (parts.length < 3 || parts[0].equals("no-time") || (isOther && !isFixed)) {
                    continue;
                }
                long time = Instant.parse(parts[0].replace('/', '-').replace('_', 'T') + "Z")
                        .toEpochMilli();
                if (!isOther) {
                    highest = Math.max(highest, time);
                }
                long watermark = highest - GRACE;
                List<long[]> all = windows(line, time);
                List<long[]> inTime = isOther
                        ? all
                        : all.stream()
                                .filter(window -> window[1] > watermark || watermark - window[1] < lateness)
                                .toList();
                if (entry.value() == null || text(entry.value()).contains(END)) {
                    continue;
                }
                times.put(parts[2], time);
                for (long[] window : inTime.isEmpty() ? all : inTime) {
                    rows.computeIfAbsent(
                                    Instant.ofEpochMilli(window[0]) + "/" + Instant.ofEpochMilli(window[1]) + "/"
                                            + parts[1],
                                    row -> new ArrayList<>())
                            .add(parts[2]);
                }
            }
        }
        boolean isMerged = line.matches(".*(hopping|cumulative).*") && !line.contains("updates");
        if (isMerged) {
            // From slices, the earliest first.
            long slice = line.contains("hopping") ? 2_000 : 5_000;
            rows.values()
                    .forEach(numbers ->
                            numbers.sort(Comparator.comparingLong(number -> Math.floorDiv(times.get(number), slice))));
        }
        return rows;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** What a reader has that keeps the last row of each window and key; checks their revisions. */
    private Map<String, List<String>> kept(String sink, boolean hasRevisions) {
        Map<String, List<String>> rows = new TreeMap<>();
        Map<String, Long> revisions = new HashMap<>();
        for (int partition = 0; partition < 2; partition++) {
            for (MemoryLog.Entry entry : log.records(sink, partition)) {
                if (text(entry.value()).contains(END)) {
                    continue;
                }
                JsonNode row = JSON.readTree(entry.value());
                String id = row.get("windowStart").asString() + "/"
                        + row.get("windowEnd").asString() + "/" + row.get("key").asString();
                List<String> numbers = new ArrayList<>();
                row.get("all").forEach(number -> numbers.add(number.asString()));
                assertThat(row.get("count").asInt()).isEqualTo(numbers.size());
                rows.put(id, numbers);
                long revision = revisions.merge(id, 1L, Long::sum);
                byte[] mark = entry.headers().get(RedriveMark.HEADER);
                if (hasRevisions) {
                    assertThat(row.get("revision").asLong()).as(id).isEqualTo(revision);
                }
                if (mark != null) {
                    assertThat(text(mark)).startsWith(revision + " ");
                } else if (!hasRevisions) {
                    assertThat(revision).as(id).isEqualTo(1);
                }
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.size=5s",
                "window.type=hopping; window.size=10s; window.advance=2s",
                "window.type=cumulative; window.size=20s; window.advance=5s; sink.key=window-and-key",
                "window.type=calendar; window.size=; window.unit=hour; window.zone=UTC",
                "window.size=5s; window.allowed-lateness=4s",
                "window.type=hopping; window.size=10s; window.advance=2s; window.allowed-lateness=3s; emit=updates;"
                        + " emit-interval=0s",
                "window.size=5s; emit=updates; emit-interval=0s; further-sinks[0].topic=other;"
                        + " further-sinks[0].format=json"
            })
    void endsWithWhatOneCountOfAllRecordsGives(String kind) {
        int seeds = Math.max(1, Integer.getInteger("tally.seeds", 150) / 10);
        String line = kind + "; source.columns=time,ip,n; sink.format=json; sink.template=; sink.time-format=;"
                + " aggregates.count.type=count; aggregates.all.field=n; aggregates.all.type=collect;"
                + " aggregates.all.limit=1000; max-rows-per-transaction=7";
        PipelineDefinition first = pipeline(line);
        PipelineDefinition fixed = pipeline(line + FIX);
        for (int seed = 0; seed < seeds; seed++) {
            live(kind, first, fixed, seed);
        }
    }

    private void live(String kind, PipelineDefinition first, PipelineDefinition pipeline, long seed) {
        Random random = new Random(seed);
        log.topic(SOURCE, 2);
        log.commit("tally-ip-count-redrive", "ip_count_source-ip-count-late", new TreeMap<>());
        log.commit("tally-ip-count-redrive", "ip_count_source-ip-count-dlt", new TreeMap<>());
        write(300, random);
        MemoryPipeline.runByKey(first, log);
        boolean hasRevisions = pipeline.spec().window().hasRevisions();
        long lateness = pipeline.spec().window().allowedLateness().toMillis();
        String as = kind + ", seed " + seed;
        if (random.nextBoolean()) {
            // Before the fix, late records alone.
            random(first, random, hasRevisions ? new String[0] : new String[] {"--overwrite"});
        }
        restarted(log, pipeline);
        for (int times = random.nextInt(4); times > 0; times--) {
            String until = "--until=" + random.nextInt(40);
            random(pipeline, random, hasRevisions ? new String[] {until} : new String[] {until, "--overwrite"});
        }
        writer.failing(Integer.MAX_VALUE, false);
        String[] options =
                hasRevisions ? new String[] {"--skip-unreadable"} : new String[] {"--skip-unreadable", "--overwrite"};
        CommandRun look = redrive(
                pipeline,
                1,
                Stream.concat(Stream.of(options), Stream.of("--dry-run")).toArray(String[]::new));
        CommandRun run = redrive(pipeline, 1 + random.nextInt(60), options);

        assertThat(run.code()).as(as + run.text()).isEqualTo(ExitCode.GOOD);
        assertThat(look.json().get("more").asBoolean())
                .as(as + look.text() + run.text())
                .isEqualTo(!ends(look).equals(ends(run)));
        Map<String, List<String>> expected = batch(kind, lateness, true);
        for (String sink : pipeline.topics().sinks()) {
            Map<String, List<String>> kept = kept(sink, hasRevisions);
            assertThat(kept.keySet()).as(as).isEqualTo(expected.keySet());
            expected.forEach((row, numbers) ->
                    assertThat(kept.get(row)).as(as + ", " + row).isEqualTo(numbers));
        }
        audit(pipeline, random, as);
        List<Integer> rows = sizes(pipeline);
        run = redrive(pipeline, 20, options);
        assertThat(run.json().get("rows").asInt()).as(as).isZero();
        assertThat(sizes(pipeline)).as(as).isEqualTo(rows);
        // The broker forgets the group's offsets, and the rows still know.
        log.commit("tally-ip-count-redrive", "ip_count_source-ip-count-late", new TreeMap<>());
        log.commit("tally-ip-count-redrive", "ip_count_source-ip-count-dlt", new TreeMap<>());
        redrive(pipeline, 20, options);
        assertThat(sizes(pipeline)).as(as).isEqualTo(rows);
    }

    /** The audit knows which records were re-driven, and finds a corrected row that is another, or gone. */
    private void audit(PipelineDefinition pipeline, Random random, String as) {
        CommandRun good = CommandRun.of(new Audit(), pipeline, log, "--show-values");
        assertThat(good.code()).as(as + good.text()).isEqualTo(ExitCode.GOOD);
        List<MemoryLog.Entry> rows = log.records(SINK, random.nextInt(2));
        List<MemoryLog.Entry> corrected = rows.stream()
                .filter(row -> row.headers().containsKey(RedriveMark.HEADER))
                .toList();
        if (!corrected.isEmpty()) {
            List<MemoryLog.Entry> before = List.copyOf(rows);
            int at = rows.indexOf(corrected.get(random.nextInt(corrected.size())));
            if (random.nextBoolean()) {
                rows.remove(at);
            } else {
                String value = text(rows.get(at).value()).replaceFirst("\"count\":", "\"count\":1");
                rows.set(at, rows.get(at).withValue(value.getBytes(StandardCharsets.UTF_8)));
            }
            CommandRun found = CommandRun.of(new Audit(), pipeline, log, "--show-values");
            assertThat(found.code()).as(as + found.text()).isEqualTo(ExitCode.FOUND);
            rows.clear();
            rows.addAll(before);
        }
    }

    private List<Integer> sizes(PipelineDefinition pipeline) {
        return pipeline.topics().sinks().stream()
                .map(sink -> log.records(sink, 0).size() + log.records(sink, 1).size())
                .toList();
    }

    /** A re-drive of which the process may die in the midst, before or after a transaction is committed. */
    private void random(PipelineDefinition pipeline, Random random, String... options) {
        writer.failing(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(6), random.nextBoolean());
        try {
            redrive(pipeline, 1 + random.nextInt(60), options);
        } catch (LogException e) {
            assertThat(e).hasMessage("the process dies");
        }
    }
}
