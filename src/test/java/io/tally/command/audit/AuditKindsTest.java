package io.tally.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.command.CommandRun;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryLog.Entry;
import io.tally.command.MemoryPipeline;
import io.tally.command.frame.ExitCode;
import io.tally.plan.PipelineDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever windows, functions and ways to leave a pipeline has, and however its records come, the audit agrees with its
 * engine, and finds one thing that is otherwise. Repeat one case with {@code -Dtally.seed=N}.
 */
class AuditKindsTest {
    private static final String SOURCE = "ip_count_source";
    private static final String SINK = "ip_count_sink";
    private static final String P = "--tally.pipelines.ip-count.";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd_HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final String COMMON = "; source.columns=time,ip,n; timestamp.format=yyyy-MM-dd_HH:mm:ss.SSS;"
            + " window.grace=2s; key.verify=false";
    private static final String JSON = "; sink.format=json; sink.template=; sink.time-format=";
    private static final String FUNCTIONS = "; aggregates.count.type=count; aggregates.all.type=collect;"
            + " aggregates.all.field=n; aggregates.all.limit=9; aggregates.first.type=first; aggregates.first.field=n;"
            + " aggregates.last.type=last; aggregates.last.field=n; aggregates.sum.type=sum; aggregates.sum.field=n";
    private static final String LAST = "; aggregates.last.type=last; aggregates.last.field=n";
    private static final String MEASURES = "; aggregates.count.type=count; aggregates.most.type=max;"
            + " aggregates.most.field=n; aggregates.mean.type=avg; aggregates.mean.field=n";

    private final MemoryLog log = new MemoryLog().topic(SOURCE, 2);
    private boolean isCompacted;
    /** Whether a row that is changed may be as right as before. */
    private boolean isAmbiguous;
    /** How many different numbers the lines have. */
    private int numbers = Integer.MAX_VALUE;

    private static PipelineDefinition pipeline(String line) {
        return CommandRun.pipeline(
                Stream.of((line + COMMON + (line.contains("shuffle=") ? "" : "; shuffle=never")).split("; "))
                        .filter(property -> !property.isEmpty())
                        .map(property -> P + property)
                        .toArray(String[]::new));
    }

    /** Lines of time, key and number: out of order, some late, some that cannot be read. */
    private void write(Random random, boolean keysAnywhere) {
        log.topic(SOURCE, 2);
        int records = 1 + random.nextInt(400);
        int keys = 1 + random.nextInt(6);
        long step = 1 + random.nextInt(400);
        boolean isTidy = random.nextInt(3) == 0;
        int disorder = 1 + random.nextInt(isTidy ? 1_900 : 6_000);
        long time = START;
        for (int i = 0; i < records; i++) {
            time += random.nextInt(40) == 0 ? random.nextInt(60_000) : random.nextLong(step + 1);
            long back = !isTidy && random.nextInt(8) == 0 ? random.nextInt(30_000) : random.nextInt(disorder);
            int partition = random.nextInt(2);
            int number = random.nextInt(keys);
            String key = (keysAnywhere && number % 2 == 0 ? "k" : "k" + partition + ".") + number;
            String line = TIME.format(Instant.ofEpochMilli(time - back)) + " " + key + " " + i % numbers;
            log.add(SOURCE, partition, time, key, line);
            if (random.nextInt(40) == 0) {
                log.add(SOURCE, partition, time, key, random.nextBoolean() ? "no-time " + key + " 1" : null);
            }
        }
    }

    private CommandRun audit(PipelineDefinition pipeline, long heap, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--json");
        return CommandRun.of(new Audit(heap), pipeline, log, all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.size=5s",
                "window.type=hopping; window.size=10s; window.advance=3s",
                "window.type=cumulative; window.size=20s; window.advance=5s; sink.key=window-and-key",
                "window.size=5s; window.allowed-lateness=4s",
                "window.type=hopping; window.size=10s; window.advance=2s; window.allowed-lateness=3s",
                "window.size=5s; emit=updates; emit-interval=0s",
                "window.type=hopping; window.size=10s; window.advance=5s; emit=updates; window.allowed-lateness=5s",
                "window.type=cumulative; window.size=20s; window.advance=5s; emit=updates",
                "window.type=none; emit-interval=50ms",
                "window.type=session; window.gap=3s",
                "window.type=session; window.gap=3s; window.allowed-lateness=4s",
                "window.type=session; window.gap=2s; emit=updates; emit-interval=50ms",
                "window.type=session; window.gap=2s; emit=updates; window.allowed-lateness=6s; further-sinks[0].topic=other;"
                        + " further-sinks[0].format=json",
                "window.type=none; window.ttl=5s; emit=final",
                "window.type=none; window.ttl=5s",
                "window.size=5s; idle-timeout=1s",
                "window.size=5s; idle-timeout=1s; window.allowed-lateness=4s",
                "window.size=5s; idle-timeout=1s; window.allowed-lateness=4s; emit=updates",
                "window.type=session; window.gap=3s; idle-timeout=1s",
                "window.type=none; window.ttl=5s; emit=final; idle-timeout=1s",
            })
    void agreesWithTheEngineAndFindsOneChange(String kind) {
        check(kind + JSON + FUNCTIONS, false);
    }

    /** Rows that say of themselves only what a reader needs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.size=5s; emit=updates; window.allowed-lateness=4s; sink.template={start} {key} {most}",
                "window.type=session; window.gap=2s; emit=updates; window.allowed-lateness=3s; sink.time-format=epoch-millis",
                "window.type=none; sink.template={key} {mean}",
                "window.size=5s; emit=updates; sink.template={start} {key} {count} {final}",
                "window.type=none; window.ttl=5s; sink.template={key} {most}",
            })
    void agreesWhereRowsSayLittle(String kind) {
        check(kind + MEASURES, false);
    }

    /** A total that has ended begins anew, with rows that are the same as those of before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.type=none; window.ttl=5s",
                "window.type=none; window.ttl=5s; emit=final",
                "window.type=none; window.ttl=5s; emit=final; idle-timeout=1s",
                "window.type=none; window.ttl=5s; emit-interval=0s; further-sinks[0].topic=other;"
                        + " further-sinks[0].format=json",
            })
    void agreesWhereRowsAreTheSameAsBefore(String kind) {
        check(kind + JSON, false);
    }

    /** A row that comes again may have results that an earlier one had. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.size=5s; emit=updates; emit-interval=50ms",
                "window.size=5s; emit=updates; emit-interval=50ms; sink.template={start} {key} {last} {final}",
                "window.size=5s; window.allowed-lateness=4s; sink.template={start} {key} {last} {final}",
                "window.type=session; window.gap=2s; emit=updates; window.allowed-lateness=3s;"
                        + " sink.template={start} {end} {key} {last} {final}",
                "window.type=none; emit-interval=50ms; sink.template={key} {last} {final}",
                "window.type=none; window.ttl=5s; emit-interval=50ms",
                "window.type=none; window.ttl=5s; emit-interval=50ms; sink.template={key} {last} {final}",
                "window.type=none; window.ttl=5s; emit-interval=50ms; sink.template={key} {last} {final};"
                        + " further-sinks[0].topic=other; further-sinks[0].format=json",
                "window.type=none; window.ttl=5s; emit=final; sink.template={key} {last}",
            })
    void agreesWhereResultsComeAgain(String kind) {
        numbers = 3;
        isAmbiguous = true;
        check(kind + (kind.contains("template") ? "" : JSON) + LAST, false);
    }

    /** What compaction has left tells little of the rows before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.type=none; emit-interval=50ms",
                "window.type=none; window.ttl=5s; emit-interval=50ms",
                "window.type=none; window.ttl=5s; emit-interval=50ms; sink.template={key} {last} {final}",
                "window.type=none; window.ttl=5s; emit=final",
                "window.type=none; window.ttl=5s; emit-interval=50ms; further-sinks[0].topic=other;"
                        + " further-sinks[0].format=json",
                "window.size=5s; emit=updates; emit-interval=50ms; window.allowed-lateness=4s; sink.key=window-and-key",
            })
    void agreesWithACompactedSinkWhereResultsComeAgain(String kind) {
        isCompacted = true;
        numbers = 3;
        isAmbiguous = true;
        check(kind + (kind.contains("template") ? "" : JSON) + LAST, false);
        check(kind + JSON, false);
    }

    /** Each of its partitions has rows of its own, between those of the others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.size=5s",
                "window.size=5s; window.allowed-lateness=4s",
                "window.size=5s; emit=updates; emit-interval=50ms",
                "window.type=none; emit-interval=50ms",
                "window.size=5s; window.allowed-lateness=4s; idle-timeout=1s",
                "window.type=session; window.gap=3s",
                "window.type=session; window.gap=2s; emit=updates; emit-interval=50ms; window.allowed-lateness=3s",
                "window.type=none; window.ttl=5s; emit-interval=50ms",
                "window.type=none; window.ttl=5s; emit=final",
            })
    void agreesWhereKeysAreInSeveralPartitions(String kind) {
        isAmbiguous = true;
        check(kind + "; key.spread=warn" + JSON, true);
        check(kind + "; key.spread=warn" + JSON + MEASURES, true);
    }

    /** As if the sink had got a further partition in the meantime. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.type=none; window.ttl=5s; emit=final",
                "window.type=none; window.ttl=5s; emit-interval=50ms",
                "window.type=none; emit-interval=50ms",
                "window.size=5s; emit=updates; emit-interval=50ms; window.allowed-lateness=4s",
            })
    void agreesWhereRowsOfAKeyAreInSeveralPartitionsOfTheSink(String kind) {
        PipelineDefinition pipeline = pipeline(kind + JSON);
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            write(random, false);
            MemoryPipeline.run(pipeline, log, random);
            List<Entry> rows = log.records(SINK, 1);
            List<Entry> later = rows.subList(rows.size() / 2, rows.size());
            later.forEach(row -> log.append(SINK, 0, row.timestamp(), row.key(), row.value(), row.headers()));
            later.clear();
            CommandRun run = audit(pipeline, Long.MAX_VALUE, "--show-values");
            assertThat(run.code()).as(kind + ", seed " + seed + run.text()).isEqualTo(ExitCode.GOOD);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.size=5s; emit=updates; emit-interval=0s",
                "window.type=none; window.ttl=5s; emit=final; idle-timeout=1s",
            })
    void agreesWhereKeysAreOfSeveralFields(String kind) {
        check(kind + "; key.fields=ip,n; sink.format=json; sink.template=; sink.time-format=", false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shuffle=always; window.size=5s",
                "shuffle=always; window.type=hopping; window.size=10s; window.advance=5s",
                "shuffle=always; window.size=5s; emit=updates; emit-interval=0s",
                "shuffle=always; window.size=5s; window.allowed-lateness=4s",
                "shuffle=always; window.type=none",
                "shuffle=always; window.type=session; window.gap=3s"
            })
    void agreesBehindAShuffle(String kind) {
        check(kind + JSON + MEASURES, true);
    }

    /** Of each record key the last row is left, and what has just come. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.type=none",
                "window.type=none; window.ttl=5s; emit-interval=0s",
                "window.type=none; window.ttl=5s; emit=final",
                "window.size=5s; emit=updates; window.allowed-lateness=4s; sink.key=window-and-key",
            })
    void agreesWithACompactedSink(String kind) {
        isCompacted = true;
        check(kind + JSON + MEASURES, false);
    }

    private void check(String line, boolean keysAnywhere) {
        PipelineDefinition pipeline = pipeline(line);
        Long only = Long.getLong("tally.seed");
        int seeds = only != null ? 1 : Math.max(1, Integer.getInteger("tally.seeds", 200) / 20);
        int changes = 0;
        for (int i = 0; i < seeds; i++) {
            long seed = only != null ? only : i;
            Random random = new Random(seed);
            String as = line + ", seed " + seed;
            write(random, keysAnywhere);
            MemoryPipeline.run(pipeline, log, random);
            if (isCompacted) {
                log.compact(SINK);
            }
            CommandRun good = audit(pipeline, Long.MAX_VALUE, "--show-values");
            assertThat(good.code()).as(as + good.text()).isEqualTo(ExitCode.GOOD);
            CommandRun parts = audit(pipeline, 60_000);
            assertThat(parts.code()).as(as + parts.text()).isEqualTo(ExitCode.GOOD);
            assertThat(parts.json().get("rows")).as(as).isEqualTo(good.json().get("rows"));
            if (isAmbiguous || good.json().get("rowsUndecided").asInt() == 0) {
                changes += change(pipeline, random, as);
            }
        }
        boolean knowsNone = isCompacted && line.contains("further-sinks");
        assertThat(changes > 0 || knowsNone).as("rows that were changed").isTrue();
    }

    /** Changes a row of the sink, which must be found; gives how many were changed. */
    private int change(PipelineDefinition pipeline, Random random, String as) {
        List<Entry> rows = Stream.of(0, 1)
                .map(partition -> log.records(SINK, partition))
                .max((one, other) -> Integer.compare(one.size(), other.size()))
                .orElseThrow();
        if (rows.isEmpty()) {
            return 0;
        }
        int at = random.nextInt(rows.size());
        Entry row = rows.get(at);
        int what = random.nextInt(5);
        switch (what) {
            case 0 -> rows.remove(at);
            case 1 ->
                rows.add(new Entry(rows.get(rows.size() - 1).offset() + 1, 0, row.key(), row.value(), row.headers()));
            case 2 -> rows.set(at, row.withValue(isCompacted ? otherCount(row.value()) : other(row.value())));
            case 3 -> {
                if (rows.size() == 1) {
                    return 0;
                }
                // Of two keys, so that both are known by nobody.
                int other = at == 0 ? 1 : at - 1;
                if (java.util.Arrays.equals(row.key(), rows.get(other).key())) {
                    return 0;
                }
                rows.set(at, row.withKey(rows.get(other).key()));
            }
            default -> {
                // The same row once more, with the key of nobody.
                rows.add(new Entry(
                        rows.get(rows.size() - 1).offset() + 1, 0, bytes("nobody"), row.value(), row.headers()));
            }
        }
        CommandRun found = audit(pipeline, Long.MAX_VALUE, "--show-values");
        // A total that is open may have left for want of records.
        boolean mayHaveEnded = what == 1
                && pipeline.spec().idleTimeout() != null
                && pipeline.spec().window().windowing() == null;
        boolean mayBeNews = isAmbiguous
                || mayHaveEnded
                || (what == 0 && isUpdate(pipeline, row))
                || (what < 4 && isEarlier(pipeline));
        if (!mayBeNews || found.code() != ExitCode.GOOD) {
            assertThat(found.code())
                    .as(as + ", change " + what + " of " + text(row) + found.text())
                    .isEqualTo(ExitCode.FOUND);
        }
        return found.code() == ExitCode.FOUND ? 1 : 0;
    }

    /** The last update of a row that is still open may as well not have left, or compaction has removed the row. */
    private boolean isUpdate(PipelineDefinition pipeline, Entry row) {
        return isCompacted
                || (pipeline.spec().window().hasRevisions() && !text(row).contains("\"final\":true"));
    }

    /** Behind a shuffle no log says what rows before the last should be, or what is right before all has left. */
    private static boolean isEarlier(PipelineDefinition pipeline) {
        return pipeline.shuffle() != null && pipeline.spec().window().hasRevisions();
    }

    /** The last digit of the value is another one. */
    private static byte[] other(byte[] value) {
        byte[] changed = value.clone();
        for (int i = changed.length - 1; i >= 0; i--) {
            if (changed[i] >= '0' && changed[i] <= '9') {
                changed[i] = (byte) (changed[i] == '9' ? '0' : changed[i] + 1);
                return changed;
            }
        }
        throw new AssertionError("a row without a number: " + new String(value, StandardCharsets.UTF_8));
    }

    /** How many rows are gone is not known, so the revision may be any that is higher. */
    private static byte[] otherCount(byte[] value) {
        return bytes(new String(value, StandardCharsets.UTF_8).replace("\"count\":", "\"count\":1"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Entry row) {
        return new String(row.value(), StandardCharsets.UTF_8) + " ";
    }
}
