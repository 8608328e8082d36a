package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.exact.BuiltIn;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Fingerprint;
import io.tally.checkpoint.Ledger;
import io.tally.codec.SourceFormat;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.decode.Decoders;
import io.tally.codec.decode.FilterSpec;
import io.tally.codec.decode.InputField;
import io.tally.codec.framing.FramedFormat;
import io.tally.codec.framing.Split;
import io.tally.codec.key.KeySpec;
import io.tally.codec.log.W3cFormat;
import io.tally.codec.sink.Encoders;
import io.tally.codec.sink.RowShape;
import io.tally.codec.sink.SinkFormat;
import io.tally.codec.time.TimestampSpec;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.simulation.SimTransaction;
import io.tally.simulation.SimulatedKafka;
import io.tally.simulation.Simulation;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Logs whose headers change, restored again and again at any place: each line counts by the last header before it. The
 * model reads the log from its beginning, in another way.
 */
class HeaderSimulationTest {
    private static final int ROUNDS = Integer.getInteger("tally.seeds", 400);
    private static final List<String> NEEDED = List.of("t", "k", "n");
    private static final List<String> CONFIGURED = List.of("k", "n", "t");
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long SIZE = 10;
    private static final String TOO_LONG = "#Fields: t k n " + "x".repeat(2_000);

    /** How often something happened that the test is about. */
    private final Map<String, Integer> happened = new TreeMap<>();

    @Test
    void eachLineCountsByTheLastHeaderBeforeIt() {
        long seed = Long.getLong("tally.seed", new Random().nextLong());
        System.out.println("HeaderSimulationTest: repeat with -Dtally.seed=" + seed + " -Dtally.seeds=1");
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            try {
                check(random);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dtally.seed=" + (seed + round) + " -Dtally.seeds=1", e);
            }
        }
        if (ROUNDS >= 100) {
            assertThat(happened.keySet())
                    .contains(
                            "replay from an earlier header",
                            "restored before any header",
                            "restored under a header",
                            "restored under one that is too long",
                            "dead letter",
                            "header in a dead letter",
                            "crash");
        }
    }

    private void check(Random random) {
        boolean configured = random.nextBoolean();
        Split split = random.nextBoolean() ? Split.LINES : Split.NONE;
        List<Text> source = new ArrayList<>();
        Model model = new Model(configured ? CONFIGURED : null, split);
        long time = START;
        long offset = random.nextInt(100);
        long first = offset;
        for (int i = 20 + random.nextInt(80); i >= 0; i--) {
            StringBuilder value = new StringBuilder();
            int lines = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
            for (int line = 0; line < lines; line++) {
                time += random.nextInt(5);
                value.append(line == 0 ? "" : "\n").append(line(random, model.fields, time));
                // The next line is written as this header says.
                model.see(value.substring(value.lastIndexOf("\n") + 1));
            }
            source.add(new Text(offset, value.toString()));
            offset += 1 + (random.nextInt(5) == 0 ? random.nextInt(3) : 0);
        }
        source.add(new Text(offset, "#Fields: k t n"));
        source.add(new Text(offset + 1, "close " + (time + 1_000_000) + " 0"));
        Model expected = new Model(configured ? CONFIGURED : null, split);
        source.forEach(expected::count);
        PipelineSpec spec = spec(random, configured, split);
        SimulatedKafka<Text> kafka = new SimulatedKafka<>(source, first, offset + 2);
        Ledger ledger = run(random, spec, kafka);
        List<String> rows = new ArrayList<>();
        for (String output : kafka.outputs) {
            if (output.startsWith("result ")) {
                rows.add(output.substring(output.indexOf(' ', "result ".length()) + 1));
            }
        }
        Collections.sort(rows);
        List<String> right = expected.rows();
        assertThat(rows).isEqualTo(right);
        assertThat(ledger.folded()).as("folded").isEqualTo(expected.folded);
        assertThat(ledger.deadLettered()).as("dead letters").isEqualTo(expected.dead);
        assertThat(ledger.filtered()).as("filtered").isEqualTo(expected.filtered);
        assertThat(ledger.late()).isZero();
        if (expected.dead > 0) {
            happened("dead letter");
        }
        if (expected.headerInADeadLetter) {
            happened("header in a dead letter");
        }
    }

    /** A line as the header says that holds just now, as a rule. */
    private static String line(Random random, @Nullable List<String> fields, long time) {
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                List<String> names = new ArrayList<>(NEEDED);
                for (int junk = random.nextInt(3); junk > 0; junk--) {
                    names.add("x-" + junk + "(ä,%)");
                }
                Collections.shuffle(names, random);
                if (random.nextInt(6) == 0) {
                    names.remove(0);
                }
                if (random.nextInt(12) == 0) {
                    names.add("k");
                }
                return (random.nextInt(5) == 0 ? "#fields: " : "#Fields: ")
                        + String.join(" ", names)
                        + (random.nextBoolean() ? "\r" : "");
            }
            case 2 -> {
                return random.nextInt(3) == 0 ? TOO_LONG : "#Date: 2026-01-01 t k n";
            }
            case 3 -> {
                return "a line of another form";
            }
            default -> {
                List<String> texts = new ArrayList<>();
                for (String name : fields == null ? CONFIGURED : fields) {
                    texts.add(
                            switch (name) {
                                case "t" -> String.valueOf(time);
                                case "k" -> "k" + random.nextInt(3);
                                case "n" -> String.valueOf(random.nextInt(100));
                                default -> "999";
                            });
                }
                return String.join(" ", texts);
            }
        }
    }

    private Ledger run(Random random, PipelineSpec spec, SimulatedKafka<Text> kafka) {
        PartitionProcessor processor = restore(spec, kafka);
        CommitPoint point = processor.position();
        long end = kafka.sourceEnd();
        long now = 0;
        while (processor.nextOffset() < end || processor.isBehind()) {
            now += random.nextInt(20);
            SimTransaction transaction = kafka.begin(-1, 1 + random.nextInt(6));
            for (Text record : kafka.fetch(processor.nextOffset(), end, 1 + random.nextInt(8))) {
                if (!processor.to(transaction).process(record)) {
                    break;
                }
            }
            CommitPoint next = processor.to(transaction).completeBatch(processor.nextOffset(), now);
            if (random.nextInt(6) == 0) {
                happened("crash");
                kafka.abort(transaction, false);
            } else {
                point = next;
                kafka.commit(transaction, point, false);
            }
            if (random.nextBoolean() || transaction.sent.isEmpty() || next != point) {
                processor.discard();
                processor = restore(spec, kafka);
                // Nothing may have changed by that.
                assertThat(processor.position().metadata()).isEqualTo(point.metadata());
            }
        }
        return point.metadata().ledger();
    }

    private PartitionProcessor restore(PipelineSpec spec, SimulatedKafka<Text> kafka) {
        Restoration restoration = new Restoration(Simulation.SOURCE, spec);
        kafka.state
                .committed(0)
                .forEach(message -> restoration.state(message.offset(), message.key(), message.value()));
        restoration.load(kafka.committed());
        for (Text record : kafka.fetch(restoration.replayFrom(), restoration.replayTo(), Integer.MAX_VALUE)) {
            restoration.replay(record);
        }
        PartitionProcessor processor = restoration.complete(Simulation.ID);
        if (kafka.isPresent()) {
            CommitMetadata metadata = CommitMetadata.parse(kafka.committed().metadata());
            String header = String.valueOf(metadata.header());
            happened(
                    switch (header) {
                        case "?" -> "restored before any header";
                        case "%" -> "restored under one that is too long";
                        default -> "restored under a header";
                    });
            if (kafka.fetch(restoration.replayFrom(), restoration.replayTo(), Integer.MAX_VALUE).stream()
                    .anyMatch(record -> record.text.contains("#Fields"))) {
                happened("replay from an earlier header");
            }
        }
        return processor;
    }

    private void happened(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    private static PipelineSpec spec(Random random, boolean configured, Split split) {
        SourceFormat format = new FramedFormat(new W3cFormat(configured ? CONFIGURED : List.of()), split);
        TimestampSpec timestamp =
                new TimestampSpec("t", "epoch-millis", ZoneOffset.UTC, Instant.EPOCH, Duration.ofDays(36_525));
        KeySpec key = new KeySpec(List.of("k"), false, 100);
        List<InputField> inputs = List.of(new InputField("n", InputField.Kind.NUMBER));
        WindowSpec window = WindowSpec.of(Windowing.tumbling(Duration.ofMillis(SIZE)), Duration.ZERO);
        CheckpointPolicy policy = new CheckpointPolicy(
                Duration.ofMillis(random.nextInt(3) * 50L),
                1 + random.nextInt(40),
                1 + random.nextInt(5),
                random.nextInt(5) == 0,
                Duration.ZERO);
        return new PipelineSpec(
                "headers",
                StageKind.DIRECT,
                window,
                null,
                Long.MAX_VALUE,
                HeapBudget.unlimited(),
                List.of(BuiltIn.count(), BuiltIn.sum(0)),
                1,
                () -> Decoders.create(format, timestamp, key, FilterSpec.NONE, inputs),
                () -> Encoders.create(
                        new SinkFormat.Text("{start} {key} {count} {sum}", "epoch-millis", ZoneOffset.UTC),
                        RowShape.of(window),
                        List.of("k"),
                        List.of("count", "sum")),
                policy,
                Fingerprint.of("structure", "replay"));
    }

    /** A record of the log. */
    private record Text(long offset, String text) implements SourceRecord {
        @Override
        public long timestamp() {
            return -1;
        }

        @Override
        public @Nullable ByteRange key() {
            return null;
        }

        @Override
        public ByteRange value() {
            return ByteRange.of(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Reads a log from its beginning, by texts. */
    private static final class Model {
        /** Count and sum by window and key. */
        private final Map<String, long[]> sums = new TreeMap<>();
        /** Null if nobody knows them. */
        @Nullable
        List<String> fields;

        final Split split;
        long folded;
        long dead;
        long filtered;
        boolean headerInADeadLetter;

        Model(@Nullable List<String> configured, Split split) {
            fields = configured;
            this.split = split;
        }

        void count(Text record) {
            List<String> lines = Arrays.asList(record.text.split("\n"));
            if (split == Split.LINES || lines.size() == 1) {
                lines.forEach(this::countLine);
                return;
            }
            lines.forEach(this::see);
            if (lines.stream().allMatch(line -> line.startsWith("#"))) {
                filtered++;
            } else {
                dead++;
                headerInADeadLetter |= lines.stream().anyMatch(line -> line.startsWith("#Fields"));
            }
        }

        void see(String line) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("#fields:")) {
                List<String> names =
                        List.of(line.strip().split(" ")).subList(1, line.strip().split(" ").length);
                fields = line.length() > 1_500 ? null : names;
            }
        }

        private void countLine(String line) {
            if (line.startsWith("#")) {
                see(line);
                filtered++;
                return;
            }
            String[] texts = line.split(" ");
            if (fields == null
                    || texts.length != fields.size()
                    || !NEEDED.stream().allMatch(name -> Collections.frequency(fields, name) == 1)) {
                dead++;
                return;
            }
            long time;
            try {
                time = Long.parseLong(texts[fields.indexOf("t")]);
            } catch (NumberFormatException e) {
                dead++;
                return;
            }
            folded++;
            String row = Math.floorDiv(time, SIZE) * SIZE + " " + texts[fields.indexOf("k")];
            long[] sum = sums.computeIfAbsent(row, any -> new long[2]);
            sum[0]++;
            sum[1] += Long.parseLong(texts[fields.indexOf("n")]);
        }

        /** All but that of the window that stays open. */
        List<String> rows() {
            List<String> rows = new ArrayList<>();
            sums.forEach((row, sum) -> rows.add(row + " " + sum[0] + " " + sum[1]));
            rows.removeIf(row -> row.contains(" close "));
            Collections.sort(rows);
            return rows;
        }
    }
}
