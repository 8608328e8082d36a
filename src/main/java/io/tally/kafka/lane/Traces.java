package io.tally.kafka.lane;

import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.TraceParent;
import io.tally.pipeline.status.TransactionSize;
import io.tally.pipeline.status.TransactionTrace;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reports the end of each transaction and, if somebody wants that, the traces that some of its records come from.
 *
 * <p>The records are a random sample of all that the transaction has read, in one pass and without touching the others.
 * It draws how many records to leave out next, and makes no choice for each record (Li 1994, algorithm L). Of n
 * records, k (1 + ln(n / k)) headers are read, about, where k is the most parents that are wanted. Confined to the
 * consumer thread.
 */
final class Traces {
    private final LaneId lane;
    private final PipelineEvents events;
    private final boolean wanted;
    /** The sample; empty if no parents are wanted, and null where there is none yet. */
    private final @Nullable TraceParent[] parents;

    private final SplittableRandom random = new SplittableRandom();
    /** Number of records that the transaction has read. */
    private long seen;
    /** The next of them to look at. */
    private long next;
    /** How many were looked at. */
    private int looked;
    /**
     * The largest of as many random numbers as there are parents, if each record had one and the smallest were kept.
     */
    private double largest = 1;

    Traces(LaneId lane, PipelineEvents events) {
        this.lane = lane;
        this.events = events;
        wanted = events.takesTraces();
        parents = new TraceParent[wanted ? events.mostParents() : 0];
    }

    /** The records of a poll join the transaction. */
    void look(ConsumerRecords<ByteBuffer, ByteBuffer> poll) {
        if (parents.length == 0) {
            return;
        }
        for (TopicPartition id : poll.partitions()) {
            List<ConsumerRecord<ByteBuffer, ByteBuffer>> records = poll.records(id);
            while (next - seen < records.size()) {
                look(records.get((int) (next - seen)));
            }
            seen += records.size();
        }
    }

    private void look(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        Header header = record.headers().lastHeader(TraceParent.HEADER);
        TraceParent parent = TraceParent.of(header == null ? null : header.value());
        if (parent != null && !Arrays.asList(parents).contains(parent)) {
            parents[slot()] = parent;
        }
        looked++;
        next++;
        if (looked >= parents.length) {
            largest *= Math.exp(Math.log(random.nextDouble()) / parents.length);
            next += (long) Math.floor(Math.log(random.nextDouble()) / Math.log1p(-largest));
        }
    }

    /** An empty place as long as there is one: not every record has a parent. */
    private int slot() {
        for (int i = 0; i < parents.length; i++) {
            if (parents[i] == null) {
                return i;
            }
        }
        return random.nextInt(parents.length);
    }

    /** The commit of the transaction is known to have happened. */
    void committed(TransactionSize size, Duration age) {
        tell(age, size, null, false);
    }

    /** The transaction has ended without a confirmed commit. */
    void failed(Throwable cause, boolean byFencing, Duration age) {
        tell(age, null, cause, byFencing);
    }

    private void tell(Duration age, @Nullable TransactionSize size, @Nullable Throwable cause, boolean byFencing) {
        if (!wanted) {
            return;
        }
        List<TraceParent> found =
                Arrays.stream(parents).filter(Objects::nonNull).toList();
        Arrays.fill(parents, null);
        seen = 0;
        next = 0;
        looked = 0;
        largest = 1;
        events.traced(
                lane.pipelineName(),
                lane.number(),
                new TransactionTrace(Instant.now(), age, size, cause, byFencing, found));
    }
}
