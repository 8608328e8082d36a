package io.tally.kafka.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.tally.TallyApplication;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.TraceParent;
import io.tally.pipeline.status.TransactionTrace;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A trace per transaction, with links to those of some of its records. */
class TracesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LINKS = 3;

    @RegisterExtension
    final TestBed bed = new TestBed(2);

    @Test
    void tellsOfEachTransactionByOutcome() {
        Instance instance = bed.instance("a");
        instance.events().mostParents = LINKS;
        instance.start().awaitActive(2);
        Input input = bed.input();
        Set<TraceParent> sent = send(input, 200);
        bed.awaitProcessed();
        instance.faults().nextProducerCalls(1, "commitTransaction", call -> {
            throw new KafkaException("the test's fault");
        });
        sent.addAll(send(input, 200));
        bed.awaitProcessed();
        Answers.get(bed.admin()
                .fenceProducers(List.of(instance.lane(0).transactionalId()))
                .all());
        sent.addAll(send(input, 200));
        input.closeWindows();
        bed.assertExact();

        List<TransactionTrace> traces = instance.events().traces;
        Map<String, Long> outcomes =
                traces.stream().collect(Collectors.groupingBy(TransactionTrace::outcome, Collectors.counting()));
        assertThat(outcomes).containsOnlyKeys("committed", "failed", "fenced");
        assertThat(outcomes)
                .containsEntry("committed", instance.events().transactions.get());
        assertThat(outcomes.get("failed") + outcomes.get("fenced"))
                .isEqualTo(instance.events().aborts.size());
        assertThat(traces).allSatisfy(trace -> assertThat(sent).hasSize(600).containsAll(trace.parents()));
        assertThat(traces).anySatisfy(trace -> assertThat(trace.parents()).hasSize(LINKS));
        assertThat(traces).allSatisfy(trace -> assertThat(trace.parents()).hasSizeLessThanOrEqualTo(LINKS));
        assertThat(committedRecords(traces))
                .isEqualTo(instance.events().records.get())
                .isEqualTo(602);
    }

    @Test
    void tellsNothingUnlessItIsWanted() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        send(input, 100);
        bed.awaitProcessed();
        assertThat(instance.events().transactions).hasPositiveValue();
        assertThat(instance.events().traces).isEmpty();
    }

    @Test
    void becomesASpanInTheApplicationThatHasATracer() {
        SimpleTracer tracer = new SimpleTracer();
        Input input = bed.input();
        Set<TraceParent> sent = send(input, 100);
        try (ConfigurableApplicationContext context = start(tracer, "--tally.tracing.enabled=true")) {
            assertThat(context.isActive()).isTrue();
            await("spans")
                    .atMost(PATIENCE)
                    .until(() -> spans(tracer).mapToLong(TracesIT::records).sum() == 100);
            assertThat(spans(tracer))
                    .allSatisfy(span -> assertThat(span.getTags())
                            .containsEntry("tally.pipeline", "traced")
                            .containsEntry("tally.outcome", "committed"))
                    .anySatisfy(span -> assertThat(span.getLinks()).hasSize(LINKS))
                    .flatExtracting(SimpleSpan::getLinks)
                    .extracting(link -> new TraceParent(
                            link.getTraceContext().traceId(),
                            link.getTraceContext().spanId()))
                    .isSubsetOf(sent);
        }
        SimpleTracer unused = new SimpleTracer();
        try (ConfigurableApplicationContext context = start(unused)) {
            send(input, 100);
            bed.awaitProcessed();
            assertThat(context.getBeansOfType(PipelineEvents.class)).isNotEmpty();
            assertThat(unused.getSpans()).isEmpty();
        }
    }

    private static Stream<SimpleSpan> spans(SimpleTracer tracer) {
        return List.copyOf(tracer.getSpans()).stream();
    }

    private static long records(SimpleSpan span) {
        return Long.parseLong(span.getTags().getOrDefault("tally.records", "0"));
    }

    private static long committedRecords(List<TransactionTrace> traces) {
        return traces.stream()
                .map(TransactionTrace::size)
                .mapToLong(size -> size == null ? 0 : size.records())
                .sum();
    }

    /** Records, each of a trace of its own. */
    private static Set<TraceParent> send(Input input, int count) {
        Set<TraceParent> parents = new HashSet<>();
        for (int i = 0; i < count; i++) {
            input.advance(1);
            String trace = String.format("%032x", input.time());
            String span = String.format("%016x", i + 1);
            parents.add(new TraceParent(trace, span));
            byte[] header = ("00-" + trace + "-" + span + "-01").getBytes(StandardCharsets.US_ASCII);
            String key = "p" + i % 2 + "-k";
            input.send(i % 2, key, input.time() + " " + key + " 1 text", new RecordHeader(TraceParent.HEADER, header));
        }
        input.flush();
        return parents;
    }

    private ConfigurableApplicationContext start(Tracer tracer, String... more) {
        SpringApplication application = new SpringApplication(TallyApplication.class);
        application.setRegisterShutdownHook(false);
        application.addInitializers((ApplicationContextInitializer<GenericApplicationContext>)
                context -> context.registerBean("tracer", Tracer.class, () -> tracer));
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of(
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + bed.bootstrap(),
                "--tally.instance-id=traced",
                "--tally.tracing.links=" + LINKS,
                "--tally.pipelines.ip-count.enabled=false"));
        arguments.addAll(bed.arguments(
                "traced", bed.groupId(), "time,key,number,text", bed.topics().sink()));
        return application.run(arguments.toArray(String[]::new));
    }
}
