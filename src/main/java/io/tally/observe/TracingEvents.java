package io.tally.observe;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.TraceParent;
import io.tally.pipeline.status.TransactionSize;
import io.tally.pipeline.status.TransactionTrace;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Makes a span of each transaction, when it has ended. A transaction has records of many traces, so it is no part of
 * any: its span is the root of a trace, with links to some of those. Spans hold no keys, no values and no messages of
 * exceptions.
 */
final class TracingEvents implements PipelineEvents {
    static final String NAME = "tally.transaction";

    private static final Logger log = LoggerFactory.getLogger(TracingEvents.class);

    private final Tracer tracer;
    private final int links;
    private final AtomicBoolean failed = new AtomicBoolean();

    /** @param links the most links of a span, 0 or more */
    TracingEvents(Tracer tracer, int links) {
        this.tracer = tracer;
        this.links = links;
    }

    @Override
    public boolean takesTraces() {
        return true;
    }

    @Override
    public int mostParents() {
        return links;
    }

    /** A tracer that fails costs its spans and nothing else. */
    @Override
    public void traced(String pipeline, int lane, TransactionTrace trace) {
        try {
            span(pipeline, lane, trace);
        } catch (RuntimeException e) {
            if (failed.compareAndSet(false, true)) {
                log.warn("A transaction could not be traced; that of others is only logged at DEBUG", e);
            } else {
                log.debug("A transaction could not be traced", e);
            }
        }
    }

    private void span(String pipeline, int lane, TransactionTrace trace) {
        Span.Builder builder = tracer.spanBuilder()
                .setNoParent()
                .name(NAME)
                .kind(Span.Kind.CONSUMER)
                .startTimestamp(micros(trace.end().minus(trace.duration())), TimeUnit.MICROSECONDS)
                .tag("tally.pipeline", pipeline)
                .tag("tally.lane", lane)
                .tag("tally.outcome", trace.outcome());
        for (TraceParent parent : trace.parents()) {
            builder.addLink(new Link(context(parent)));
        }
        TransactionSize size = trace.size();
        if (size != null) {
            builder.tag("tally.records", size.records())
                    .tag("tally.rows", size.rows())
                    .tag("tally.bytes", size.bytes());
        }
        Span span = builder.start();
        Throwable failure = trace.failure();
        if (failure != null) {
            span.error(new Failure(failure));
        }
        span.end(micros(trace.end()), TimeUnit.MICROSECONDS);
    }

    private TraceContext context(TraceParent parent) {
        return tracer.traceContextBuilder()
                .traceId(parent.traceId())
                .spanId(parent.spanId())
                .sampled(true)
                .build();
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** Says what kind of exception it was. Its own message may quote a record, and its stack is in the log. */
    private static final class Failure extends RuntimeException {
        Failure(Throwable cause) {
            super(kind(cause), null, false, false);
        }

        private static String kind(Throwable cause) {
            return NestedExceptionUtils.getMostSpecificCause(cause).getClass().getName();
        }
    }
}
