package io.tally.kafka.command;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Ledger;
import io.tally.command.MemoryLog;
import io.tally.command.MemoryLog.Entry;
import io.tally.kafka.transaction.SideRecords;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.testkafka.TestBed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What can be changed of a good run on {@link TestBed#pipeline}, and what an audit finds of it. */
final class AuditMutations {
    private final TestBed bed;
    private final TopicCopy copy;

    AuditMutations(TestBed bed, TopicCopy copy) {
        this.bed = bed;
        this.copy = copy;
    }

    /** A change, and what is found of it. */
    record Mutation(String found, Consumer<MemoryLog> change) {}

    /** By what is changed. */
    Map<String, Mutation> all() {
        String sink = bed.topics().sink();
        String late = bed.topics().late();
        String dead = bed.topics().deadLetter();
        String source = bed.topics().source();
        // A partition of the sink that has rows, a row in the middle of it, and its source partition.
        int s = copy.log().records(sink, 0).size() > 10 ? 0 : 1;
        int p = text(copy.log().records(sink, s).get(5).key()).charAt(1) - '0';
        int l = copy.log().records(late, 0).isEmpty() ? 1 : 0;
        Map<String, Mutation> all = new LinkedHashMap<>();
        all.put("row missing", found("MISSING_ROW", log -> log.records(sink, s).remove(5)));
        all.put(
                "row twice",
                found(
                        "DOUBLE_ROW",
                        log -> log.records(sink, s).add(log.records(sink, s).get(5))));
        all.put("count one more", found("WRONG_ROW", log -> field(log, sink, s, 2, 1)));
        all.put("count one less", found("WRONG_ROW", log -> field(log, sink, s, 2, -1)));
        all.put("sum one more", found("WRONG_ROW", log -> field(log, sink, s, 3, 1)));
        all.put(
                "other text",
                found(
                        "WRONG_ROW",
                        log -> change(
                                log,
                                sink,
                                s,
                                5,
                                row -> row.withValue(bytes(text(row.value()).replaceFirst("\\S+$", "another"))))));
        all.put(
                "other record key",
                new Mutation(
                        "{\"MISSING_ROW\":1,\"UNEXPECTED_ROW\":1}",
                        log -> change(log, sink, s, 5, row -> row.withKey(bytes("p" + p + "-other")))));
        all.put(
                "window of before",
                new Mutation("{\"MISSING_ROW\":1,\"UNEXPECTED_ROW\":1}", log -> field(log, sink, s, 0, -3_600_000)));
        all.put(
                "no window begins then",
                new Mutation("{\"MISSING_ROW\":1,\"UNREADABLE_ROW\":1}", log -> field(log, sink, s, 0, 1)));
        all.put(
                "row without records",
                found(
                        "UNEXPECTED_ROW",
                        log -> log.records(sink, s)
                                .add(log.records(sink, s).get(5).withKey(bytes("p0-nobody")))));
        all.put(
                "no row at all",
                found(
                        "UNREADABLE_ROW",
                        log -> log.records(sink, s)
                                .add(log.records(sink, s).get(5).withValue(bytes("something else")))));
        all.put(
                "late record missing",
                found("MISSING_LATE", log -> log.records(late, l).remove(0)));
        all.put(
                "late record twice",
                found(
                        "DOUBLE_LATE",
                        log -> log.records(late, l).add(log.records(late, l).get(0))));
        all.put(
                "late record with another value",
                found("WRONG_LATE", log -> change(log, late, l, 0, entry -> entry.withValue(bytes("x")))));
        all.put(
                "late record with another watermark",
                found("WRONG_LATE", log -> header(log, late, l, SideRecords.WATERMARK, bytes("2026-01-01T00:00:00Z"))));
        all.put("late record that was on time", new Mutation("{\"UNEXPECTED_LATE\":1}", log -> {
            log.records(late, l).add(log.records(late, l).get(0));
            header(log, late, l, SideRecords.ORIGINAL_OFFSET, offset(0));
        }));
        all.put(
                "dead letter missing",
                found("MISSING_DEAD_LETTER", log -> log.records(dead, 0).remove(0)));
        all.put(
                "dead letter twice",
                found(
                        "DOUBLE_DEAD_LETTER",
                        log -> log.records(dead, 0).add(log.records(dead, 0).get(0))));
        all.put(
                "dead letter for another reason",
                found("WRONG_DEAD_LETTER", log -> header(log, dead, 0, SideRecords.REASON, bytes("BAD_KEY"))));
        all.put("dead letter of a sound record", found("UNEXPECTED_DEAD_LETTER", log -> {
            log.records(dead, 0).add(log.records(dead, 0).get(0));
            header(log, dead, 0, SideRecords.ORIGINAL_OFFSET, offset(0));
        }));
        all.put("record counted twice in the ledger", found("LEDGER", 2, log -> ledger(log, 1, 0)));
        all.put("record missing in the ledger", found("LEDGER", 2, log -> ledger(log, -1, 0)));
        all.put("late record in another class", found("LEDGER", 2, log -> ledger(log, 1, -1)));
        // The last record of the partition makes no row: only the ledger knows it.
        all.put("record of an aborted transaction counted", found("LEDGER", 2, log -> {
            // Where the partition ends is not changed by that.
            log.end(source, p, log.range(source, p).to());
            log.records(source, p).remove(log.records(source, p).size() - 1);
        }));
        all.put("source record skipped", new Mutation("{\"WRONG_ROW\":1,\"LEDGER\":2}", log -> {
            // The pipeline did not count what is there, twice as it were.
            Entry counted =
                    first(log, source, p, text(log.records(sink, s).get(5).value()));
            log.records(source, p).add(log.records(source, p).indexOf(counted), counted);
        }));
        return all;
    }

    private static Mutation found(String kind, Consumer<MemoryLog> change) {
        return found(kind, 1, change);
    }

    private static Mutation found(String kind, int times, Consumer<MemoryLog> change) {
        return new Mutation("{\"" + kind + "\":" + times + "}", change);
    }

    private static void change(MemoryLog log, String topic, int partition, int index, UnaryOperator<Entry> change) {
        log.records(topic, partition)
                .set(index, change.apply(log.records(topic, partition).get(index)));
    }

    /** Adds to a number in a row: 0 for its start, 2 for the count, 3 for the sum. */
    static void field(MemoryLog log, String sink, int partition, int field, long more) {
        change(log, sink, partition, 5, row -> {
            String[] fields = text(row.value()).split(" ");
            fields[field] = Long.toString(Long.parseLong(fields[field]) + more);
            return row.withValue(bytes(String.join(" ", fields)));
        });
    }

    /** Changes a header of a partition's last record. */
    private static void header(MemoryLog log, String topic, int partition, String name, byte[] value) {
        int last = log.records(topic, partition).size() - 1;
        change(log, topic, partition, last, entry -> {
            Map<String, byte[]> headers = new HashMap<>(entry.headers());
            headers.put(name, value);
            return new Entry(entry.offset(), entry.timestamp(), entry.key(), entry.value(), headers);
        });
    }

    private static byte[] offset(long offset) {
        return ByteBuffer.allocate(Long.BYTES).putLong(offset).array();
    }

    private static Entry first(MemoryLog log, String source, int partition, String row) {
        String[] fields = row.split(" ");
        long start = Long.parseLong(fields[0]);
        return log.records(source, partition).stream()
                .filter(entry -> entry.value() != null
                        && text(entry.value()).matches("\\d+ " + fields[1] + " .*")
                        && Math.floorDiv(Long.parseLong(text(entry.value()).split(" ")[0]), 5_000) * 5_000 == start)
                .findFirst()
                .orElseThrow();
    }

    private void ledger(MemoryLog log, int folded, int late) {
        String source = bed.topics().source();
        TreeMap<Integer, CommittedOffset> offsets = new TreeMap<>(log.committed(bed.groupId(), source));
        CommitMetadata was = CommitMetadata.parse(offsets.get(0).metadata());
        Ledger ledger = was.ledger();
        CommitMetadata other = new CommitMetadata(
                was.offset(),
                was.watermark(),
                was.recoveryOffset(),
                was.cutWatermark(),
                was.birthOffset(),
                new Ledger(ledger.folded() + folded, ledger.late() + late, ledger.deadLettered(), ledger.filtered()),
                was.storedEntries(),
                was.storedDigest(),
                was.fingerprint(),
                was.transactionalId());
        offsets.put(0, new CommittedOffset(was.offset(), other.format()));
        log.commit(bed.groupId(), source, offsets);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
