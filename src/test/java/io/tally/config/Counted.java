package io.tally.config;

import io.tally.checkpoint.Ledger;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.Restoration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a configuration makes of a few records: all that lies between the file and the broker. */
final class Counted implements Outbox {
    final List<String> rows = new ArrayList<>();
    final List<Rejection> dead = new ArrayList<>();
    final Ledger ledger;

    /** Records without keys, in one partition. */
    private Counted(PipelineSpec spec, List<byte[]> values) {
        SourcePartition source = new SourcePartition(spec.name(), "group", "source", "id", 0, 1, false, "state", null);
        Restoration restoration = new Restoration(source, spec);
        restoration.load(new Committed(false, 0, "", 0, values.size()));
        PartitionProcessor partition = restoration.complete("id");
        for (int i = 0; i < values.size(); i++) {
            partition.to(this).process(record(i, values.get(i)));
        }
        ledger = partition.to(this).completeBatch(values.size(), 0).metadata().ledger();
    }

    /** Of the one pipeline that the YAML has. */
    static Counted of(String yaml, String... values) {
        return of(
                yaml,
                List.of(values).stream()
                        .map(value -> value.getBytes(StandardCharsets.UTF_8))
                        .toList());
    }

    /** The same of any bytes. */
    static Counted of(String yaml, List<byte[]> values) {
        List<PipelineSpec> specs = new ArrayList<>();
        Startup.yaml(
                yaml,
                context -> context.getBean(PipelineDefinitions.class)
                        .enabled()
                        .forEach(definition -> specs.add(definition.spec())));
        return new Counted(specs.get(0), values);
    }

    private static SourceRecord record(long offset, byte[] value) {
        return new SourceRecord() {
            @Override
            public long offset() {
                return offset;
            }

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
                return ByteRange.of(value);
            }
        };
    }

    @Override
    public void result(int sink, byte[] key, byte[] value) {
        rows.add(new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public void deadLetter(SourceRecord record, Rejection rejection) {
        dead.add(rejection);
    }

    @Override
    public void late(SourceRecord record, Lateness lateness) {}

    @Override
    public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {}

    @Override
    public void shuffle(int partition, byte[] value) {}

    @Override
    public void state(byte[] key, byte @Nullable [] value) {}
}
