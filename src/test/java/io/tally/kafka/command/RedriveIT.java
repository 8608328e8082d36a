package io.tally.kafka.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import io.tally.command.CommandRun;
import io.tally.command.audit.Audit;
import io.tally.command.frame.ExitCode;
import io.tally.command.recount.RedriveMark;
import io.tally.command.redrive.Redrive;
import io.tally.kafka.log.KafkaLogReader;
import io.tally.kafka.log.KafkaLogWriter;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.LogWriter;
import io.tally.plan.PipelineDefinition;
import io.tally.process.ChildProcess;
import io.tally.process.Distribution;
import io.tally.testkafka.BrokerAccess;
import io.tally.testkafka.Faults;
import io.tally.testkafka.Input;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.Log;
import io.tally.testkafka.TestBed;
import io.tally.testkafka.WrappedDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each late record is counted once more, and only once, whichever call of the command's producer fails. */
class RedriveIT {
    private static final List<String> CALLS = List.of(
            "initTransactions", "beginTransaction", "send", "sendOffsetsToTransaction", "flush", "commitTransaction");
    private static final long SIZE = LinesPipeline.SIZE.toMillis();
    private static final long GRACE = LinesPipeline.GRACE.toMillis();

    @RegisterExtension
    final TestBed bed = new TestBed(2);

    /** A mistake that is mended later. */
    private static final class Unreadable extends WrappedDecoder {
        private boolean isUnreadable;

        Unreadable(RecordDecoder real) {
            super(real);
        }

        @Override
        protected void before(SourceRecord record) {
            isUnreadable = record.offset() % 50 == 7 && record.offset() < 300;
        }

        @Override
        public Verdict decode(SourceRecord record, Event event) {
            Verdict verdict = super.decode(record, event);
            return isUnreadable ? Verdict.REJECTED : verdict;
        }

        @Override
        public Rejection rejection() {
            return isUnreadable ? new Rejection(Rejection.Reason.MALFORMED, "a mistake") : super.rejection();
        }
    }

    private CommandRun redrive(PipelineDefinition pipeline, UnaryOperator<Producer<byte[], byte[]>> wrapping) {
        return CommandRun.of(
                new Redrive(30),
                pipeline,
                CommandRun.access(new KafkaLogReader(bed.settings(), "redrive"), writer(pipeline, wrapping)),
                "--overwrite",
                "--json");
    }

    private LogWriter writer(PipelineDefinition pipeline, UnaryOperator<Producer<byte[], byte[]>> wrapping) {
        return new KafkaLogWriter(bed.settings(), pipeline.groupId() + ":redrive", "redrive", wrapping);
    }

    /** The second time that it is called, so that some is written before; also what is called after that fails. */
    private static Faults failing(String call, boolean afterwards) {
        Faults faults = new Faults();
        AtomicInteger left = new AtomicInteger(call.endsWith("initTransactions") ? 0 : 1);
        faults.onEveryCall(met -> {
            boolean fails = met.name().equals(call) && left.getAndDecrement() == 0;
            Object result = fails && !afterwards ? null : met.proceed();
            if (fails || (left.get() < 0 && met.name().endsWith("abortTransaction") && !afterwards)) {
                throw afterwards ? new TimeoutException("test") : new KafkaException("test");
            }
            return result;
        });
        return faults;
    }

    /** One call after the other fails, before or after it has done its work, while the pipeline is at work. */
    @Test
    void isExactWhicheverCallFails() {
        bed.pipeline.decoder(Unreadable::new);
        bed.started("a");
        Input input = bed.input();
        input.random(900, 40_000);
        input.closeWindows();
        bed.awaitProcessed();
        bed.pipeline.decoder(UnaryOperator.identity()).maxRowsPerTransaction(2);
        PipelineDefinition pipeline = bed.pipeline.direct(bed.groupId(), bed.topics());
        long end = input.time();

        int failed = 0;
        for (String call : CALLS) {
            for (boolean afterwards : new boolean[] {false, true}) {
                // Records that come meanwhile are of later windows.
                input.send(0, 1, end + failed);
                assertThatThrownBy(() -> redrive(pipeline, failing("producer." + call, afterwards)::producer))
                        .as(call)
                        .isInstanceOf(LogException.class);
                failed++;
            }
        }
        CommandRun last = redrive(pipeline, UnaryOperator.identity());
        assertThat(last.code()).as(last.text()).isEqualTo(ExitCode.GOOD);
        assertThat(kept(end)).isEqualTo(all(end)).hasSizeGreaterThan(100);

        int rows = bed.log().read(bed.topics().sink()).size();
        CommandRun again = redrive(pipeline, UnaryOperator.identity());
        assertThat(again.json().get("transactions").asInt()).as(again.text()).isZero();
        assertThat(bed.log().read(bed.topics().sink())).hasSize(rows);
    }

    /**
     * The packaged command is killed in the midst of its transactions, as often as {@code -Dtally.redrive.kills} says.
     */
    @Test
    void isExactWhereverItsProcessIsKilled() {
        int kills = Integer.getInteger("tally.redrive.kills", 1);
        long seed = Long.getLong("tally.seed", System.nanoTime());
        Random random = new Random(seed);
        String[] properties = properties();
        PipelineDefinition pipeline = CommandRun.pipeline(properties);
        bed.instance(pipeline.on("a", false)).start();
        Input input = bed.input();
        // Of which one in thirty or so is late: more than all re-drives together get to.
        input.random(Math.max(1_000, 500 * kills), 60_000);
        input.closeWindows();
        bed.awaitProcessed();
        bed.stopAll();
        Path logs = Path.of("target", "redrive-" + System.nanoTime());
        try (LogReader log = new KafkaLogReader(bed.settings(), "progress")) {
            int killed = 0;
            for (int kill = 0; kill < kills; kill++) {
                try (ChildProcess process = process(logs.resolve(kill + ".log"), properties)) {
                    long start = redriven(log);
                    awaitProgress(process, log, start + 1, Duration.ofMillis(50));
                    awaitProgress(process, log, start + 1 + random.nextInt(10), Duration.ofMillis(2));
                    killed += process.isAlive() ? 1 : 0;
                    process.kill();
                }
            }
            System.out.println("RedriveIT: " + killed + " of " + kills + " re-drives were killed, seed " + seed);
        }
        CommandRun last = redrive(pipeline, UnaryOperator.identity());
        assertThat(last.code()).as(last.text()).isEqualTo(ExitCode.GOOD);
        assertThat(counts(kept(input.time())))
                .as("seed " + seed)
                .isEqualTo(counts(all(input.time())))
                .hasSizeGreaterThan(100);
        CommandRun audit = CommandRun.of(new Audit(), pipeline, new BrokerAccess(bed));
        assertThat(audit.text()).contains("No difference.");
    }

    /** While the process starts, to ask often would take more of the machine than the process itself. */
    private void awaitProgress(ChildProcess process, LogReader log, long goal, Duration interval) {
        await("progress of a re-drive, or its end")
                .pollInterval(interval)
                .until(() -> redriven(log) >= goal || !process.isAlive());
    }

    private static Map<String, String> counts(Map<String, String> rows) {
        rows.replaceAll((row, values) -> values.split(" ")[0]);
        return rows;
    }

    /** The packaged pipeline on the topics of the test. */
    private String[] properties() {
        return Stream.of(
                        "group-id=" + bed.groupId(),
                        "source.topic=" + bed.topics().source(),
                        "source.columns=time,ip,number,text",
                        "timestamp.format=epoch-millis",
                        "timestamp.max-ahead=36500d",
                        "sink.time-format=epoch-millis",
                        "key.verify=false",
                        "shuffle=never",
                        "window.grace=2s",
                        "max-rows-per-transaction=1",
                        "sink.topic=" + bed.topics().sink(),
                        "late.topic=" + bed.topics().late(),
                        "dead-letter.topic=" + bed.topics().deadLetter(),
                        "state.topic=" + bed.topics().state())
                .map(property -> "--tally.pipelines.ip-count." + property)
                .toArray(String[]::new);
    }

    private ChildProcess process(Path log, String... properties) {
        List<String> arguments = new ArrayList<>(
                List.of("redrive", "--overwrite", "--spring.kafka.bootstrap-servers=" + bed.bootstrap()));
        arguments.addAll(List.of(properties));
        return Distribution.run(log, arguments, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }

    private long redriven(LogReader log) {
        return log.committed(RedriveMark.group(bed.groupId()), bed.topics().late()).values().stream()
                .mapToLong(CommittedOffset::offset)
                .sum();
    }

    /** Of two at a time the later one writes. */
    @Test
    void keepsAnotherFromWriting() {
        PipelineDefinition pipeline = bed.pipeline.direct(bed.groupId(), bed.topics());
        try (LogWriter first = writer(pipeline, UnaryOperator.identity());
                LogWriter second = writer(pipeline, UnaryOperator.identity())) {
            first.begin();
            second.begin();
            String sink = bed.topics().sink();
            LogWriter.Output row = new LogWriter.Output(sink, 0, null, new byte[] {1}, List.of());

            assertThatThrownBy(() -> first.commit(List.of(row), "some-group", sink, 0, new CommittedOffset(1, "")))
                    .isInstanceOf(LogException.class)
                    .hasMessageContaining("another one has begun");
            second.commit(List.of(row), "some-group", sink, 0, new CommittedOffset(1, ""));
            assertThat(bed.log().read(sink)).hasSize(1);
        }
    }

    private static String row(String[] words, long start) {
        return start + " " + words[1];
    }

    /** The last row of each window and key that began before. */
    private Map<String, String> kept(long end) {
        Map<String, String> rows = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : bed.log().read(bed.topics().sink())) {
            String[] words = Log.text(record.value()).split(" ", 3);
            if (Long.parseLong(words[0]) + SIZE + GRACE <= end) {
                rows.put(words[0] + " " + words[1], words[2]);
            }
        }
        return rows;
    }

    /** What one count of the whole source gives. */
    private Map<String, String> all(long end) {
        Map<String, List<String[]>> events = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : bed.log().read(bed.topics().source())) {
            String[] words = Log.text(record.value()).split(" ", 4);
            long start = Math.floorDiv(Long.parseLong(words[0]), SIZE) * SIZE;
            if (start + SIZE + GRACE <= end) {
                events.computeIfAbsent(row(words, start), id -> new ArrayList<>())
                        .add(words);
            }
        }
        return events.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().size() + " "
                                + entry.getValue().stream()
                                        .mapToLong(words -> Long.parseLong(words[2]))
                                        .sum()
                                + " "
                                + entry.getValue().stream()
                                        .min(Comparator.comparingLong((String[] words) -> Long.parseLong(words[0])))
                                        .orElseThrow()[3],
                        (one, other) -> one,
                        TreeMap::new));
    }
}
