package io.tally;

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
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Counts made-up lines of the packaged pipeline: decodes, folds, closes windows, encodes. What comes of it is dropped.
 */
final class RehearsedPartition implements Outbox {
    private static final int BATCH = 2_000;
    private static final int IPS = 500;
    private static final int LINES_PER_SECOND = 1_000;
    private static final LocalDateTime BEGIN = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd_HH:mm:ss");

    private final PartitionProcessor processor;
    private final Line line = new Line();
    private long rows;

    RehearsedPartition(PipelineSpec spec) {
        SourcePartition source =
                new SourcePartition("rehearsal", "rehearsal", "rehearsal", "", 0, 1, false, "rehearsal-state", null);
        Restoration restoration = new Restoration(source, spec);
        restoration.load(new Committed(false, 0, "", 0, 0));
        processor = restoration.complete("rehearsal").to(this);
    }

    /** Counts so many, nearly all of them good; gives the number of rows. */
    long count(int records) {
        String second = "";
        for (int i = 0; i < records; i++) {
            LocalDateTime time = BEGIN.plusSeconds(i / LINES_PER_SECOND);
            if (i % LINES_PER_SECOND == 0) {
                second = TIME.format(time);
            }
            if (i % BATCH == 0) {
                processor.clock(millis(time));
            }
            processor.process(line.show(i, second));
            if (i % BATCH == BATCH - 1) {
                processor.snapshot(processor.completeBatch(i + 1L, millis(time)));
            }
        }
        processor.discard();
        return rows;
    }

    private static long millis(LocalDateTime time) {
        return time.toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    @Override
    public void result(int sink, byte[] key, byte[] value) {
        rows++;
    }

    @Override
    public void shuffle(int partition, byte[] value) {
        throw new IllegalStateException("the packaged pipeline has no shuffle");
    }

    @Override
    public void late(SourceRecord record, Lateness lateness) {}

    @Override
    public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
        throw new IllegalStateException("the packaged pipeline has no shuffle");
    }

    @Override
    public void deadLetter(SourceRecord record, Rejection rejection) {}

    @Override
    public void state(byte[] key, byte @Nullable [] value) {}

    /** One after the other. */
    private static final class Line implements SourceRecord {
        private long offset;
        private ByteRange key = ByteRange.of(new byte[0]);
        private ByteRange value = key;

        Line show(int number, String second) {
            offset = number;
            String ip = "10.0." + number % IPS / 250 + "." + number % 250;
            key = range(ip);
            // Some are no lines, and some come late.
            value = range(
                    number % 9_973 == 0 ? "-" : number % 997 == 0 ? TIME.format(BEGIN) + " " + ip : second + " " + ip);
            return this;
        }

        private static ByteRange range(String text) {
            return ByteRange.of(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public long timestamp() {
            return -1;
        }

        @Override
        public ByteRange key() {
            return key;
        }

        @Override
        public ByteRange value() {
            return value;
        }
    }
}
