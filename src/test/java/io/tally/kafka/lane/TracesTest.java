package io.tally.kafka.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.TraceParent;
import io.tally.pipeline.status.TransactionSize;
import io.tally.pipeline.status.TransactionTrace;
import io.tally.plan.Topics;
import io.tally.testkafka.LinesPipeline;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class TracesTest {
    private static final TransactionSize SIZE = new TransactionSize(0, 0, 0);

    private final List<TransactionTrace> told = new ArrayList<>();
    private int headersRead;

    /** Records that are not in the sample cost nothing. */
    @Test
    void readsTheHeadersOfFewRecords() {
        Traces traces = traces(true, 8);
        for (int poll = 0; poll < 100; poll++) {
            traces.look(poll(poll * 2_000, 2_000, number -> true));
        }
        traces.committed(SIZE, Duration.ofMillis(300));

        assertThat(headersRead).isBetween(8, 8 * 40);
        assertThat(told).singleElement().satisfies(trace -> {
            assertThat(trace.parents()).hasSize(8).doesNotHaveDuplicates();
            assertThat(trace.outcome()).isEqualTo("committed");
            assertThat(trace.duration()).isEqualTo(Duration.ofMillis(300));
        });
    }

    /** Neither the first records nor those of one partition are preferred. */
    @Test
    void looksAtRecordsWhereverTheyAre() {
        Traces traces = traces(true, 4);
        double sum = 0;
        int count = 0;
        for (int transaction = 0; transaction < 2_000; transaction++) {
            for (int poll = 0; poll < 5; poll++) {
                traces.look(poll(poll * 40, 40, number -> true));
            }
            traces.committed(SIZE, Duration.ZERO);
            for (TraceParent parent : told.remove(0).parents()) {
                sum += Integer.parseInt(parent.spanId()) - 1;
                count++;
            }
        }
        assertThat(count).isEqualTo(8_000);
        // The mean of so many of 200 numbers has a standard deviation of 0.65.
        assertThat(sum / count).isCloseTo(99.5, within(3.0));
    }

    @Test
    void beginsAnewWithEachTransaction() {
        Traces traces = traces(true, 4);
        traces.look(poll(0, 2, number -> true));
        traces.failed(new IllegalStateException("no"), true, Duration.ZERO);
        traces.look(poll(2, 1, number -> true));
        traces.failed(new IllegalStateException("no"), false, Duration.ZERO);
        traces.committed(SIZE, Duration.ZERO);

        assertThat(told).extracting(TransactionTrace::outcome).containsExactly("fenced", "failed", "committed");
        assertThat(told)
                .extracting(TransactionTrace::parents)
                .containsExactly(List.of(parent(0), parent(1)), List.of(parent(2)), List.of());
    }

    /** One trace may have sent many records, and others none. */
    @Test
    void namesEachSpanOnceAndPassesOverRecordsWithout() {
        Traces traces = traces(true, 8);
        traces.look(poll(0, 4, number -> number % 2 == 0));
        traces.look(poll(0, 4, number -> number % 2 == 0));
        traces.committed(SIZE, Duration.ZERO);

        assertThat(told.get(0).parents()).containsExactly(parent(0), parent(2));
    }

    @Test
    void readsAndTellsNothingThatNobodyWants() {
        Traces off = traces(false, 8);
        off.look(poll(0, 100, number -> true));
        off.committed(SIZE, Duration.ZERO);
        assertThat(told).isEmpty();

        Traces withoutLinks = traces(true, 0);
        withoutLinks.look(poll(0, 100, number -> true));
        withoutLinks.committed(SIZE, Duration.ZERO);
        assertThat(told)
                .singleElement()
                .satisfies(trace -> assertThat(trace.parents()).isEmpty());
        assertThat(headersRead).isZero();
    }

    private Traces traces(boolean wanted, int mostParents) {
        PipelineEvents events = new PipelineEvents() {
            @Override
            public boolean takesTraces() {
                return wanted;
            }

            @Override
            public int mostParents() {
                return mostParents;
            }

            @Override
            public void traced(String pipeline, int lane, TransactionTrace trace) {
                told.add(trace);
            }
        };
        return new Traces(
                new LaneId(
                        new LinesPipeline().build("group", "a", new Topics("in", "out", "late", "dead", "state")), 0),
                events);
    }

    /** Records with numbers from the first on, alternately of two partitions. */
    private ConsumerRecords<ByteBuffer, ByteBuffer> poll(int first, int count, IntPredicate traced) {
        Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records = new LinkedHashMap<>();
        for (int number = first; number < first + count; number++) {
            CountingHeaders headers = new CountingHeaders();
            if (traced.test(number)) {
                headers.add(TraceParent.HEADER, header(number));
            }
            int partition = number < first + count / 2 ? 0 : 1;
            records.computeIfAbsent(new TopicPartition("in", partition), id -> new ArrayList<>())
                    .add(new ConsumerRecord<>(
                            "in",
                            partition,
                            number,
                            0,
                            TimestampType.CREATE_TIME,
                            0,
                            0,
                            ByteBuffer.allocate(0),
                            ByteBuffer.allocate(0),
                            headers,
                            Optional.empty()));
        }
        return new ConsumerRecords<>(records, Map.of());
    }

    private static byte[] header(int number) {
        TraceParent parent = parent(number);
        return ("00-" + parent.traceId() + "-" + parent.spanId() + "-01").getBytes(StandardCharsets.US_ASCII);
    }

    private static TraceParent parent(int number) {
        return new TraceParent("a".repeat(32), String.format("%016d", number + 1));
    }

    private final class CountingHeaders extends RecordHeaders {
        @Override
        public Header lastHeader(String key) {
            headersRead++;
            return super.lastHeader(key);
        }
    }
}
