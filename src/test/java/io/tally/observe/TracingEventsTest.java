package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.tally.pipeline.status.TraceParent;
import io.tally.pipeline.status.TransactionSize;
import io.tally.pipeline.status.TransactionTrace;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracingEventsTest {
    private static final Instant END = Instant.parse("2026-01-01T10:00:00.250Z");
    private static final List<TraceParent> PARENTS =
            List.of(new TraceParent("a".repeat(32), "b".repeat(16)), new TraceParent("c".repeat(32), "d".repeat(16)));

    private final SimpleTracer tracer = new SimpleTracer();
    private final TracingEvents events = new TracingEvents(tracer, 3);

    @Test
    void makesASpanOfATransaction() {
        events.traced("ip-count", 2, trace(new TransactionSize(100, 7, 350), null, false));

        SimpleSpan span = tracer.onlySpan();
        assertThat(span.getName()).isEqualTo("tally.transaction");
        assertThat(span.getKind()).isEqualTo(Span.Kind.CONSUMER);
        assertThat(span.getStartTimestamp()).isEqualTo("2026-01-01T10:00:00Z");
        assertThat(span.getTags())
                .containsOnly(
                        entry("tally.pipeline", "ip-count"),
                        entry("tally.lane", "2"),
                        entry("tally.outcome", "committed"),
                        entry("tally.records", "100"),
                        entry("tally.rows", "7"),
                        entry("tally.bytes", "350"));
        assertThat(span.getLinks())
                .extracting(link -> new TraceParent(
                        link.getTraceContext().traceId(), link.getTraceContext().spanId()))
                .isEqualTo(PARENTS);
        assertThat(span.getError()).isNull();
    }

    /** An exception may quote a record. */
    @Test
    void tellsOfAFailureWithoutItsMessage() {
        Throwable failure = new IllegalStateException("outer", new NumberFormatException("not a number: secret"));
        events.traced("ip-count", 0, trace(null, failure, false));

        SimpleSpan span = tracer.onlySpan();
        assertThat(span.getTags())
                .containsEntry("tally.outcome", "failed")
                .doesNotContainKeys("tally.records", "tally.rows", "tally.bytes");
        assertThat(span.getError())
                .hasMessage(NumberFormatException.class.getName())
                .hasNoCause()
                .satisfies(error -> assertThat(error.getStackTrace()).isEmpty());
    }

    @Test
    void tellsAFenceFromOtherFailures() {
        events.traced("ip-count", 0, trace(null, new IllegalStateException(), true));
        assertThat(tracer.onlySpan().getTags()).containsEntry("tally.outcome", "fenced");
    }

    /** The lane has committed by then, and must not fail for it. */
    @Test
    void survivesATracerThatFails() {
        Tracer broken = (Tracer) Proxy.newProxyInstance(
                Tracer.class.getClassLoader(), new Class<?>[] {Tracer.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("the test's fault");
                });
        TracingEvents failing = new TracingEvents(broken, 3);
        for (int i = 0; i < 3; i++) {
            assertThatCode(() -> failing.traced("ip-count", 0, trace(new TransactionSize(1, 0, 0), null, false)))
                    .doesNotThrowAnyException();
        }
    }

    private static TransactionTrace trace(TransactionSize size, Throwable failure, boolean byFencing) {
        return new TransactionTrace(END, Duration.ofMillis(250), size, failure, byFencing, PARENTS);
    }
}
