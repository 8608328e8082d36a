package io.tally.upgrade;

import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.Restoration;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A partition with all that a broker holds of it: its records, what is live in its state partition, and the committed
 * offset with its metadata. As text, each is a line:
 *
 * <pre>
 * offset NUMBER               the committed offset
 * metadata TEXT               what is committed with it
 * state KEY VALUE             hexadecimal, as compaction would leave them
 * record TIMESTAMP KEY VALUE  the first has offset 0; '-' is no key
 * </pre>
 *
 * A text is written behind an apostrophe, all other bytes are hexadecimal.
 */
final class FixturePartition implements Outbox {
    private static final int BATCH = 20;
    /** When the fixture is processed, as its records see it. */
    private static final long CLOCK = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();

    final String name;
    private final SourcePartition source;
    private final PipelineSpec spec;
    /** Of a combine stage: where its records go. */
    private final List<FixturePartition> shuffle;

    private final List<Rec> records = new ArrayList<>();
    private final Map<String, byte[]> state = new LinkedHashMap<>();
    private long offset;
    private String metadata = "";
    private long now;
    private @Nullable PartitionProcessor processor;
    /** Rows, late records and dead letters since it was restored. */
    final List<String> sent = new ArrayList<>();

    /** @param shuffle the partitions behind it; empty if its rows leave for the sink */
    FixturePartition(String name, SourcePartition source, PipelineSpec spec, List<FixturePartition> shuffle) {
        this.name = name;
        this.source = source;
        this.spec = spec;
        this.shuffle = shuffle;
    }

    void add(long timestamp, byte @Nullable [] key, byte[] value) {
        records.add(
                new Rec(records.size(), source.partition(), source.partitions(), timestamp, key, ByteRange.of(value)));
    }

    int end() {
        return records.size();
    }

    /** As a start or a crash has it: nothing is known but what is committed. */
    void restore() {
        if (processor != null) {
            processor.discard();
        }
        Restoration restoration = new Restoration(source, spec);
        long[] position = {0};
        state.forEach(
                (key, value) -> restoration.state(position[0]++, HexFormat.of().parseHex(key), value));
        restoration.load(new Committed(!metadata.isEmpty(), offset, metadata, 0, records.size()));
        for (long replayed = restoration.replayFrom(); replayed < restoration.replayTo(); replayed++) {
            restoration.replay(records.get((int) replayed));
        }
        processor = restoration.complete("group:fixture:0").to(this);
        sent.clear();
    }

    private PartitionProcessor processor() {
        if (processor == null) {
            throw new IllegalStateException(name + " is not restored");
        }
        return processor;
    }

    /** Processes and commits what is before an offset, a second after the transaction before. */
    void work(int end) {
        PartitionProcessor working = processor();
        while (working.nextOffset() < end) {
            working.clock(CLOCK);
            long next = Math.min(end, working.nextOffset() + BATCH);
            for (long at = working.nextOffset(); at < next; at++) {
                working.process(records.get((int) at));
            }
            now += 1_000;
            commit(working.completeBatch(next, now));
        }
    }

    /** As a planned stop does: nothing is left to replay. */
    void checkpoint() {
        while (processor().isDirty()) {
            commit(processor().drain(1_000));
        }
    }

    private void commit(CommitPoint point) {
        offset = point.offset();
        metadata = point.metadata().format();
    }

    long replayed() {
        return offset - processor().position().metadata().recoveryOffset();
    }

    /** What has become of its records so far. */
    String ledger() {
        return name + " " + processor().position().metadata().ledger();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("offset " + offset);
        lines.add("metadata " + metadata);
        state.forEach(
                (key, value) -> lines.add("state " + key + " " + HexFormat.of().formatHex(value)));
        records.forEach(record -> lines.add("record " + record.timestamp() + " " + text(record.recordKey()) + " "
                + text(record.value().copy())));
        return lines;
    }

    void read(List<String> lines) {
        for (String line : lines) {
            String[] words = line.split(" ", line.startsWith("record ") ? 4 : line.startsWith("state ") ? 3 : 2);
            switch (words[0]) {
                case "offset" -> offset = Long.parseLong(words[1]);
                case "metadata" -> metadata = words[1];
                case "state" -> state.put(words[1], HexFormat.of().parseHex(words[2]));
                default -> {
                    byte[] value = bytes(words[3]);
                    if (value == null) {
                        throw new IllegalArgumentException(line);
                    }
                    add(Long.parseLong(words[1]), bytes(words[2]), value);
                }
            }
        }
    }

    private static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "-";
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.matches("[!-~]+") ? "'" + text : HexFormat.of().formatHex(bytes);
    }

    private static byte @Nullable [] bytes(String text) {
        if (text.equals("-")) {
            return null;
        }
        return text.startsWith("'")
                ? text.substring(1).getBytes(StandardCharsets.UTF_8)
                : HexFormat.of().parseHex(text);
    }

    @Override
    public void result(int sink, byte[] key, byte[] value) {
        sent.add("row " + new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public void shuffle(int partition, byte[] value) {
        shuffle.get(partition).add(CLOCK, null, value);
    }

    @Override
    public void late(SourceRecord record, Lateness lateness) {
        sent.add("late " + name + "@" + record.offset());
    }

    @Override
    public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
        sent.add("late partial " + new String(row, StandardCharsets.UTF_8));
    }

    @Override
    public void deadLetter(SourceRecord record, Rejection rejection) {
        sent.add("dead letter " + name + "@" + record.offset() + " " + rejection.reason());
    }

    @Override
    public void state(byte[] key, byte @Nullable [] value) {
        String hex = HexFormat.of().formatHex(key);
        state.remove(hex);
        if (value != null) {
            state.put(hex, value);
        }
    }

    private record Rec(
            long offset, int partition, int partitions, long timestamp, byte @Nullable [] recordKey, ByteRange value)
            implements SourceRecord {
        @Override
        public @Nullable ByteRange key() {
            return recordKey == null ? null : ByteRange.of(recordKey);
        }
    }
}
