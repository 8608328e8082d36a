package io.tally.campaign.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** A round that went as it should, without a broker. */
public final class SampleRun {
    private static final int COMMITS = 40;

    private SampleRun() {}

    /** What would be left behind if the source were read in commits of equal size. */
    public static Evidence of(Expectation expected) {
        Rules rules = expected.rules();
        List<Message> source = expected.source();
        Evidence.Outputs outputs = new Evidence.Outputs(sink(expected), new ArrayList<>(), new ArrayList<>());
        List<Commit> commits = new ArrayList<>();
        List<Message> state = new ArrayList<>();
        List<Evidence.End> ends = new ArrayList<>();
        List<Long> committed = new ArrayList<>();
        for (int partition = 0; partition < rules.partitions(); partition++) {
            int number = partition;
            List<Message> ofPartition = source.stream()
                    .filter(message -> message.partition() == number)
                    .toList();
            PartitionFold fold = expected.fold(partition);
            aside(ofPartition, fold.late(), outputs.late());
            aside(ofPartition, fold.dead(), outputs.dead());
            long end = ofPartition.size();
            List<Long> offsets = IntStream.rangeClosed(1, COMMITS)
                    .mapToObj(i -> end * i / COMMITS)
                    .toList();
            List<String> ofState = rules.shuffled()
                    ? Collections.nCopies(COMMITS, " w=-")
                    : new SampleState(rules, fold, expected.state(partition), partition, state).commit(offsets);
            for (int i = 0; i < COMMITS; i++) {
                commits.add(commit(fold, partition, offsets.get(i), ofState.get(i)));
            }
            ends.add(new Evidence.End("source-" + partition, end, end));
            ends.add(new Evidence.End("sink-" + partition, 7, 7));
            committed.add(end);
        }
        return new Evidence(new ArrayList<>(source), outputs, outputs.copy(), commits, state, ends, committed);
    }

    private static Commit commit(PartitionFold fold, int partition, long offset, String ofState) {
        long[] there = fold.before(offset);
        return new Commit(
                partition,
                offset,
                "tally1 o=" + offset + ofState + " l=" + there[0] + "," + there[1] + "," + there[2] + ",0 i=x");
    }

    private static void aside(List<Message> source, List<Long> offsets, List<Message> to) {
        for (long offset : offsets) {
            Message message = source.get((int) offset);
            to.add(new Message(
                    message.partition(),
                    to.size(),
                    message.key(),
                    message.value(),
                    new Message.Position(message.partition(), offset)));
        }
    }

    private static List<Message> sink(Expectation expected) {
        Rules rules = expected.rules();
        List<Message> sink = new ArrayList<>();
        Map<Row.Id, Cell> all = rules.kind() == Rules.Kind.TOTAL ? expected.open() : expected.closed();
        List<Map.Entry<Row.Id, Cell>> windows = new ArrayList<>(all.entrySet());
        if (rules.shuffled()) {
            windows.sort(Comparator.comparingLong(window -> window.getKey().end()));
        }
        for (Map.Entry<Row.Id, Cell> window : windows) {
            Row.Id id = window.getKey();
            Cell cell = window.getValue();
            int half = cell.count() / 2;
            int partition = partition(expected, id);
            int revision = 0;
            if (rules.updates() && half > 0) {
                sink.add(message(partition, new Row(id, cell.totals(half), ++revision, false), sink, rules));
            }
            boolean last = rules.kind() != Rules.Kind.TOTAL;
            int count = rules.lateness() > 0 ? cell.closedWith() : cell.count();
            for (; count <= cell.count(); count++) {
                sink.add(message(partition, new Row(id, cell.totals(count), ++revision, last), sink, rules));
            }
        }
        return sink;
    }

    private static Message message(int partition, Row row, List<Message> sink, Rules rules) {
        return new Message(partition, sink.size(), row.id().key(), row.text(rules), null);
    }

    private static int partition(Expectation expected, Row.Id id) {
        if (expected.rules().shuffled()) {
            return Math.floorMod(Objects.hash(id.key()), expected.rules().partitions());
        }
        for (int partition = 0; partition < expected.rules().partitions(); partition++) {
            PartitionFold fold = expected.fold(partition);
            if (fold.closed().containsKey(id) || fold.open().containsKey(id)) {
                return partition;
            }
        }
        throw new IllegalStateException("no partition has " + id);
    }
}
