package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.checkpoint.Fingerprint;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.WindowResult;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Borders of the shuffle that a hostile reader found open. */
class ShuffleBordersTest {
    record Msg(long offset, long timestamp, ByteRange value) implements SourceRecord {
        Msg(long offset, long timestamp, byte[] value) {
            this(offset, timestamp, ByteRange.of(value));
        }

        @Override
        public @Nullable ByteRange key() {
            return null;
        }
    }

    static Msg line(long offset, long time, String key) {
        return new Msg(offset, 0, (time + " " + key).getBytes(StandardCharsets.UTF_8));
    }

    static final class Codec implements RecordDecoder, ResultEncoder {
        @Override
        public Verdict decode(SourceRecord record, Event event) {
            String[] c = new String(record.value().copy(), StandardCharsets.UTF_8).split(" ");
            event.time(Long.parseLong(c[0]));
            byte[] key = c[1].getBytes(StandardCharsets.UTF_8);
            event.key(key, 0, key.length);
            return Verdict.ACCEPTED;
        }

        @Override
        public @Nullable Rejection rejection() {
            return null;
        }

        @Override
        public byte[] encode(WindowResult r) {
            return (r.start() + "-" + r.end() + " " + new String(r.key(), StandardCharsets.UTF_8) + "=" + r.values()[0])
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    static class Sent implements Outbox {
        final Map<String, byte[]> state = new LinkedHashMap<>();
        final List<byte[]> shuffled = new ArrayList<>();
        final List<String> rows = new ArrayList<>();
        final List<String> latePartials = new ArrayList<>();

        @Override
        public void result(int sink, byte[] key, byte[] value) {
            rows.add(new String(value, StandardCharsets.UTF_8));
        }

        @Override
        public void shuffle(int target, byte[] value) {
            shuffled.add(value);
        }

        @Override
        public void late(SourceRecord record, Lateness lateness) {}

        @Override
        public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness l) {
            latePartials.add(new String(row, StandardCharsets.UTF_8));
        }

        @Override
        public void deadLetter(SourceRecord record, Rejection rejection) {}

        @Override
        public void state(byte[] key, byte @Nullable [] value) {
            String k = new String(key, StandardCharsets.ISO_8859_1);
            if (value == null) {
                state.remove(k);
            } else {
                state.put(k, value);
            }
        }
    }

    static PipelineSpec spec(StageKind stage, WindowKind kind, String structure, String replay, long interval) {
        return new PipelineSpec(
                "sim",
                stage,
                new WindowSpec(kind, Duration.ZERO, Duration.ZERO, Emission.FINAL),
                null,
                1L << 40,
                HeapBudget.unlimited(),
                List.<Aggregate>of(BuiltIn.count()),
                0,
                Codec::new,
                Codec::new,
                new CheckpointPolicy(Duration.ofMillis(interval), 1L << 40, 1000, false, Duration.ZERO),
                Fingerprint.of(structure, replay));
    }

    static final WindowKind TEN = new WindowKind.Aligned(Windowing.tumbling(Duration.ofMillis(10)));
    static final WindowKind FIVE = new WindowKind.Aligned(Windowing.tumbling(Duration.ofMillis(5)));

    static SourcePartition source(StageKind stage, int partition, int partitions) {
        boolean combine = stage == StageKind.COMBINE;
        return new SourcePartition(
                "sim",
                combine ? "g" : "g-merge",
                combine ? "events" : "shuffle",
                "id",
                partition,
                combine ? partitions : 1,
                false,
                "state",
                new ShuffleSide(stage, "shuffle", 1, "events", "g"));
    }

    static PartitionProcessor fresh(SourcePartition source, PipelineSpec spec) {
        Restoration r = new Restoration(source, spec);
        r.load(new Committed(false, 0, "", 0, 1000));
        return r.complete("g:i:0");
    }

    /**
     * It would put records into the shuffle that no merge can read: an instance with the layout of before has no such
     * partition.
     */
    @Test
    void aPartitionBeyondTheLayoutIsNotCombined() {
        assertThatThrownBy(() -> fresh(source(StageKind.COMBINE, 2, 2), spec(StageKind.COMBINE, TEN, "s", "r", 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A combine with 10 ms windows in front of a merge with 5 ms windows: nobody refuses. */
    @Test
    void partialsOfAnotherStructureAreRefused() {
        PartitionProcessor combine =
                fresh(source(StageKind.COMBINE, 0, 1), spec(StageKind.COMBINE, TEN, "ten", "r", 0));
        Sent sent = new Sent();
        combine.to(sent).process(line(0, 7, "a"));
        combine.to(sent).process(line(1, 100, "b"));
        combine.to(sent).completeBatch(2, 0);
        PartitionProcessor merge = fresh(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, FIVE, "five", "r", 0));
        assertThatThrownBy(() -> merge.to(new Sent()).process(new Msg(0, 0, sent.shuffled.get(0))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("another configuration");
    }

    /** Its windows may be open in the merge. */
    @Test
    void aCombineStageDoesNotChangeWhatItSends() {
        PipelineSpec spec = spec(StageKind.COMBINE, TEN, "ten", "r", 0);
        PartitionProcessor combine = fresh(source(StageKind.COMBINE, 0, 1), spec);
        Sent sent = new Sent();
        combine.to(sent).process(line(0, 7, "a"));
        CommitPoint point = combine.to(sent).completeBatch(1, 0);
        load(source(StageKind.COMBINE, 0, 1), spec, sent, point);
        load(source(StageKind.COMBINE, 0, 1), spec(StageKind.COMBINE, TEN, "ten", "another filter", 0), sent, point);
        assertThatThrownBy(() -> load(
                        source(StageKind.COMBINE, 0, 1), spec(StageKind.COMBINE, FIVE, "five", "r", 0), sent, point))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("another key, window or aggregate");
        SourcePartition wider = new SourcePartition(
                "sim",
                "g",
                "events",
                "id",
                0,
                1,
                false,
                "state",
                new ShuffleSide(StageKind.COMBINE, "shuffle", 2, "events", "g"));
        assertThatThrownBy(() -> load(wider, spec, sent, point))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("number of partitions");
    }

    private static void load(SourcePartition source, PipelineSpec spec, Sent sent, CommitPoint point) {
        Restoration restoration = new Restoration(source, spec);
        sent.state.forEach((k, v) -> restoration.state(0, k.getBytes(StandardCharsets.ISO_8859_1), v));
        restoration.load(new Committed(true, point.offset(), point.metadata().format(), 0, point.offset()));
    }

    /** All windows closed, drained: a merge still refuses another structure, and its remedy cannot be followed. */
    @Test
    void anIdleDrainedMergeTakesAnotherStructure() {
        PartitionProcessor combine =
                fresh(source(StageKind.COMBINE, 0, 1), spec(StageKind.COMBINE, TEN, "ten", "r", 0));
        Sent sent = new Sent();
        combine.to(sent).process(line(0, 7, "a"));
        combine.to(sent).completeBatch(1, 0);
        combine.to(sent).closeIdle();
        combine.to(sent).completeBatch(1, 0);
        PartitionProcessor merge = fresh(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, TEN, "ten", "r", 0));
        Sent out = new Sent();
        merge.to(out).process(new Msg(0, 0, sent.shuffled.get(0)));
        merge.to(out).process(new Msg(1, 0, sent.shuffled.get(1)));
        merge.to(out).completeBatch(2, 0);
        CommitPoint point = merge.to(out).drain(1000);
        assertThat(out.rows).containsExactly("0-10 a=1");
        assertThat(merge.openEntries()).isZero();
        assertThat(point.metadata().recoveryOffset()).isEqualTo(2);
        load(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, FIVE, "five", "r", 0), out, point);
    }

    /** A merge killed (something to replay), then another filter: the replay of partials does not depend on it. */
    @Test
    void aKilledMergeTakesAnotherFilter() {
        PartitionProcessor combine = fresh(source(StageKind.COMBINE, 0, 1), spec(StageKind.COMBINE, TEN, "s", "r", 0));
        Sent sent = new Sent();
        combine.to(sent).process(line(0, 7, "a"));
        combine.to(sent).completeBatch(1, 0);
        PartitionProcessor merge = fresh(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, TEN, "s", "r", 1L << 40));
        Sent out = new Sent();
        merge.to(out).process(new Msg(0, 0, sent.shuffled.get(0)));
        CommitPoint point = merge.to(out).completeBatch(1, 0);
        load(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, TEN, "s", "r2", 0), out, point);
    }

    /** No offset, no marker, but the shuffle topic begins at 500: what was there is lost. */
    @Test
    void aNewMergeOfATrimmedShuffleIsRefused() {
        Restoration r = new Restoration(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, TEN, "s", "r", 0));
        assertThatThrownBy(() -> r.load(new Committed(false, 500, "", 500, 900)))
                .isInstanceOf(RefusedException.class);
    }

    /** Whichever source fell idle first, and though this merge itself had nothing open. */
    @Test
    void mergesAgreeOnHowFarSourcesWereThatAreAllIdle() {
        Sent sent = new Sent();
        PartitionProcessor ahead = fresh(source(StageKind.COMBINE, 0, 2), spec(StageKind.COMBINE, TEN, "s", "r", 0));
        ahead.to(sent).process(line(0, 100, "elsewhere"));
        ahead.to(new Sent()).completeBatch(1, 0);
        ahead.to(sent).closeIdle();
        ahead.to(sent).completeBatch(1, 0);
        PartitionProcessor behind = fresh(source(StageKind.COMBINE, 1, 2), spec(StageKind.COMBINE, TEN, "s", "r", 0));
        behind.to(sent).closeIdle();
        behind.to(sent).completeBatch(0, 0);
        behind.to(sent).process(line(0, 7, "k"));
        behind.to(sent).completeBatch(1, 0);
        ahead.to(sent).process(line(1, 101, "k"));
        ahead.to(sent).completeBatch(2, 0);

        PartitionProcessor merge = fresh(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, TEN, "s", "r", 0));
        Sent out = new Sent();
        for (int i = 0; i < sent.shuffled.size(); i++) {
            merge.to(out).process(new Msg(i, 0, sent.shuffled.get(i)));
        }
        assertThat(sent.shuffled).hasSize(4);
        assertThat(out.latePartials).containsExactly("0-10 k=1");
    }

    @Test
    void aLateSessionPartialHasTheStartOfItsSession() {
        WindowKind sessions = new WindowKind.Sessions(Duration.ofMillis(10));
        PartitionProcessor early =
                fresh(source(StageKind.COMBINE, 0, 1), spec(StageKind.COMBINE, sessions, "s", "r", 0));
        Sent a = new Sent();
        early.to(a).process(line(0, 1000, "x"));
        early.to(a).completeBatch(1, 0);
        PartitionProcessor late =
                fresh(source(StageKind.COMBINE, 0, 1), spec(StageKind.COMBINE, sessions, "s", "r", 0));
        Sent b = new Sent();
        late.to(b).process(line(0, 5, "k"));
        late.to(b).process(line(1, 12, "k"));
        late.to(b).completeBatch(2, 0);
        PartitionProcessor merge = fresh(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, sessions, "s", "r", 0));
        Sent out = new Sent();
        merge.to(out).process(new Msg(0, 0, a.shuffled.get(0)));
        merge.to(out).process(new Msg(1, 0, b.shuffled.get(0)));
        assertThat(out.latePartials).containsExactly("5-22 k=2");
    }

    /** The record for one shuffle partition has 256 kB - 1, then a key of 800 kB comes. */
    @Test
    void aShuffleRecordIsNoLargerThanItsLargestPartialNeeds() {
        // As three lists of texts at their bound, or a custom accumulator: fits the state topic by itself.
        Aggregate large = new Aggregate() {
            @Override
            public int longs() {
                return 1;
            }

            @Override
            public int objects() {
                return 0;
            }

            @Override
            public void add(Cells cells, Event event) {
                cells.set(0, event.keyLength() == 1 ? 800_000 : 1);
            }

            @Override
            public void merge(Cells cells, Cells other) {}

            @Override
            public Object result(Cells cells) {
                return 0;
            }

            @Override
            public void write(Cells cells, StateOutput out) {
                out.writeBytes(new byte[(int) cells.get(0)]);
            }

            @Override
            public void read(Cells cells, StateInput in) {
                in.readBytes();
            }
        };
        PipelineSpec base = spec(StageKind.COMBINE, TEN, "s", "r", 0);
        PipelineSpec spec = new PipelineSpec(
                "sim",
                StageKind.COMBINE,
                base.window(),
                null,
                1L << 40,
                HeapBudget.unlimited(),
                List.of(large),
                0,
                Codec::new,
                Codec::new,
                base.checkpoint(),
                base.fingerprint());
        PartitionProcessor combine = fresh(source(StageKind.COMBINE, 0, 1), spec);
        Sent sent = new Sent();
        for (int i = 0; i < 4; i++) {
            combine.to(sent).process(line(i, 1, i + "s".repeat(65_000)));
        }
        combine.to(sent).process(line(4, 1, "b"));
        combine.to(sent).completeBatch(5, 0);
        assertThat(sent.shuffled).allSatisfy(v -> assertThat(v.length).isLessThan(1_048_576));
    }

    @Test
    void aFailingProducerIsNoDamage() {
        PartitionProcessor combine = fresh(source(StageKind.COMBINE, 0, 1), spec(StageKind.COMBINE, TEN, "s", "r", 0));
        Sent sent = new Sent();
        combine.to(sent).process(line(0, 7, "a"));
        combine.to(sent).process(line(1, 100, "b"));
        combine.to(sent).completeBatch(2, 0);
        PartitionProcessor merge = fresh(source(StageKind.MERGE, 0, 1), spec(StageKind.MERGE, TEN, "s", "r", 0));
        Sent failing = new Sent() {
            @Override
            public void result(int sink, byte[] key, byte[] value) {
                throw new IllegalStateException("Cannot perform operation after producer has been closed");
            }
        };
        assertThatThrownBy(() -> merge.to(failing).process(new Msg(0, 0, sent.shuffled.get(0))))
                .isNotInstanceOf(RefusedException.class);
    }
}
