package io.tally.pipeline.partition;

import static org.awaitility.Awaitility.await;

import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.decode.RecordDecoder;
import io.tally.pipeline.Committed;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.simulation.SimRecord;
import io.tally.simulation.Simulation;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The array of a record may be all that a fetch brought, of which a silent partition must not keep the last. */
class StageReleaseTest {
    @ParameterizedTest
    @EnumSource(names = {"DIRECT", "COMBINE"})
    void keepsNothingOfTheLastRecord(StageKind stage) {
        ShuffleSide side =
                stage == StageKind.DIRECT ? null : new ShuffleSide(stage, "shuffle", 4, "events", "tally-sim");
        SourcePartition source = new SourcePartition(
                "sim", "tally-sim", "events", "bM0VsOhVQQ6q9k", 0, 3, false, "tally-sim-events-state", side);
        PipelineSpec spec = HandFedPartition.RULES.spec(HandFedPartition.LAZY, 100);
        Restoration restoration =
                new Restoration(source, HandFedPartition.with(spec, BuiltIn.count(), KeyInPlace::new));
        restoration.load(new Committed(false, 0, "", 0, 9));
        PartitionProcessor processor = restoration.complete(Simulation.ID);
        WeakReference<byte[]> array = batch(processor);
        await().until(() -> {
            System.gc();
            return array.get() == null;
        });
    }

    /** In a method of its own, so that no local variable keeps the record. */
    private static WeakReference<byte[]> batch(PartitionProcessor processor) {
        SimRecord record = SimRecord.of(0, HandFedPartition.text("a"), 5, 5, BigDecimal.ONE, BigDecimal.ONE, "label");
        processor.to(new Nowhere()).process(record);
        processor.to(new Nowhere()).completeBatch(1, 0);
        return new WeakReference<>(Objects.requireNonNull(record.value()).bytes());
    }

    /** Shows the key where it lies in the record, as the decoders of pipelines do. */
    private static final class KeyInPlace implements RecordDecoder {
        @Override
        public Verdict decode(SourceRecord record, Event event) {
            ByteRange value = Objects.requireNonNull(record.value());
            event.time(5);
            event.key(value.bytes(), value.start(), value.length());
            return Verdict.ACCEPTED;
        }

        @Override
        public @Nullable Rejection rejection() {
            return null;
        }
    }
}
