package io.tally.command.explain;

import io.tally.codec.key.Partitioner;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.recount.Patience;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.RisingSearch;
import io.tally.command.recount.SinkRows;
import io.tally.engine.WindowResult;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a key and window in a sink.
 *
 * <p>In each partition of the sink, the rows of one source partition are in the order of their windows' ends, although
 * rows of other partitions lie between. A row has its group key, and that tells the source partition (behind a shuffle
 * the partition of the shuffle topic), as far as producers choose it by the key. So bisection finds the rows. If they
 * are not what the source gives, all of the sink is read.
 */
final class SinkSearch {
    /** How much of the sink was searched. */
    enum Reach {
        /** What lies around the window in the partition that the row belongs in. */
        AROUND,
        /** All of that partition. */
        PARTITION,
        /** All partitions. */
        ALL
    }

    private static final int MOST_ROWS = 10_000;

    private final Scene scene;
    private final LogReader log;
    private final Patience patience;
    private final int sink;
    private final String topic;
    private final ResultEncoder encoder;
    private final SinkRows rows;
    /** By how much an end may be out of order: rows that come again leave before and after their window closes. */
    private final long disorder;

    /** @param sink its place among the sinks, 0 for the first */
    SinkSearch(Scene scene, int sink, LogReader log, Patience patience) {
        this.scene = scene;
        this.log = log;
        this.patience = patience;
        this.sink = sink;
        topic = scene.pipeline().topics().sinks().get(sink);
        encoder = scene.spec().encoders().get(sink).get();
        rows = new SinkRows(scene.spec(), encoder);
        Question question = scene.question();
        disorder = scene.window().hasRevisions()
                ? question.end()
                        - question.start()
                        + scene.window().grace().toMillis()
                        + scene.window().allowedLateness().toMillis()
                : 0;
    }

    /** The rows, by partition and offset. */
    List<SinkRow> find(Reach reach, List<SearchedRange> searched) {
        List<SinkRow> into = new ArrayList<>();
        int count = log.requirePartitions("sink topic", topic);
        Question question = scene.question();
        byte[] recordKey = encoder.key(new WindowResult(
                question.start(),
                question.end(),
                question.key(),
                new @Nullable Object[scene.spec().aggregates().size()]));
        int home = Partitioner.MURMUR2.partition(recordKey, 0, recordKey.length, count);
        for (int partition = 0; partition < count; partition++) {
            if (reach == Reach.ALL || partition == home) {
                OffsetRange held = log.range(topic, partition);
                long from = reach == Reach.AROUND ? before(partition, held) : held.from();
                long to = read(partition, new OffsetRange(from, held.to()), reach == Reach.AROUND, into);
                searched.add(new SearchedRange(topic, partition, from, to, held.from(), held.to()));
            }
        }
        return into;
    }

    private long before(int partition, OffsetRange held) {
        return RisingSearch.before(held, scene.question().end() - disorder, offset -> endAt(partition, offset, held));
    }

    /** The end of the next row of the same origin; null if there is none near. */
    private @Nullable Long endAt(int partition, long offset, OffsetRange held) {
        patience.check();
        @Nullable Long[] found = {null};
        OffsetRange range = new OffsetRange(offset, Math.min(held.to(), offset + RisingSearch.WIDE));
        log.read(topic, partition, range, record -> {
            SinkRows.Row row = rows.row(SinkRows.bytes(record.key()), SinkRows.bytes(record.value()));
            found[0] = row == null || RedriveMark.of(record) != null || !isOfSameOrigin(row.key())
                    ? null
                    : (Long) row.end();
            return found[0] == null;
        });
        return found[0];
    }

    /** Whether the rows of a key come from the same partition as the one that is asked about, by their keys. */
    private boolean isOfSameOrigin(byte[] key) {
        return origin(key) == origin(scene.question().key());
    }

    private int origin(byte[] key) {
        Integer shuffled = scene.shufflePartition(key);
        return shuffled != null
                ? shuffled
                : Partitioner.MURMUR2.partition(
                        key, 0, key.length, scene.parts().size());
    }

    private long read(int partition, OffsetRange range, boolean stops, List<SinkRow> into) {
        Question question = scene.question();
        return log.read(topic, partition, range, record -> {
            patience.check();
            byte[] key = SinkRows.bytes(record.key());
            byte[] value = SinkRows.bytes(record.value());
            SinkRows.Row row = rows.row(key, value);
            if (row == null) {
                return true;
            }
            if (row.is(question.end(), question.key())) {
                if (into.size() == MOST_ROWS) {
                    throw new LogException("There are more than " + MOST_ROWS + " rows of this key and window in "
                            + topic + ", too many to explain each");
                }
                into.add(new SinkRow(
                        sink,
                        topic,
                        partition,
                        record.offset(),
                        record.timestamp(),
                        RedriveMark.of(record),
                        key,
                        value));
            }
            return !stops || row.end() <= question.end() + disorder || !isOfSameOrigin(row.key());
        });
    }

    /** Whether a row is found again once it is written. */
    boolean isReadable(WindowResult result) {
        return rows.readsBack(result);
    }

    byte[] key(WindowResult result) {
        return encoder.key(result);
    }

    byte[] value(WindowResult result) {
        return encoder.encode(result);
    }

    String topic() {
        return topic;
    }
}
