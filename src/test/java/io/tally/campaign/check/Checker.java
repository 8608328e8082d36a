package io.tally.campaign.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compares what a round left behind with what it must be. Says what is wrong; nothing if all is right. */
public final class Checker {
    private static final int MOST = 20;

    private final Expectation expected;
    private final Rules rules;
    private final Evidence evidence;
    private final List<String> wrong = new ArrayList<>();
    private long wrongRows;

    private Checker(Expectation expected, Evidence evidence) {
        this.expected = expected;
        this.evidence = evidence;
        rules = expected.rules();
    }

    /**
     * What a check found.
     *
     * @param wrongRows rows that are missing, should not be there, or say something else
     * @param wrong what is wrong, the first of each kind of finding
     */
    public record Verdict(long wrongRows, List<String> wrong) {
        public boolean isGreen() {
            return wrong.isEmpty();
        }
    }

    public static Verdict check(Expectation expected, Evidence evidence) {
        Checker checker = new Checker(expected, evidence);
        checker.thereIsSomething();
        checker.liveReaderSawTheSame();
        checker.rows();
        checker.sideRecords("late", evidence.after().late(), PartitionFold::late);
        checker.sideRecords("dead letter", evidence.after().dead(), PartitionFold::dead);
        checker.conservation();
        checker.commits();
        checker.state();
        checker.ends();
        return new Verdict(checker.wrongRows, checker.wrong);
    }

    private void wrong(String what, Object... details) {
        if (wrong.size() < MOST) {
            wrong.add(what.formatted(details));
        }
    }

    /** A check of nothing would find nothing. */
    private void thereIsSomething() {
        for (int partition = 0; partition < rules.partitions(); partition++) {
            int number = partition;
            if (evidence.source().stream().noneMatch(message -> message.partition() == number)) {
                wrong("source partition %d was read as empty", partition);
            }
        }
        if (evidence.source().size() != expected.source().size()) {
            wrong(
                    "the source was read with %d records, and expected with %d",
                    evidence.source().size(), expected.source().size());
        }
        if (expected.closed().isEmpty() && rules.kind() != Rules.Kind.TOTAL) {
            wrong("no window has closed");
        }
        if (evidence.commits().isEmpty()) {
            wrong("no commit was read");
        }
        if (evidence.ends().isEmpty()) {
            wrong("no end of a partition was read");
        }
    }

    private void liveReaderSawTheSame() {
        same("sink", evidence.live().sink(), evidence.after().sink());
        same("late topic", evidence.live().late(), evidence.after().late());
        same("dead-letter topic", evidence.live().dead(), evidence.after().dead());
    }

    private void same(String topic, List<Message> live, List<Message> after) {
        for (int partition = 0; partition < rules.partitions(); partition++) {
            List<Message> first = of(partition, live);
            List<Message> second = of(partition, after);
            for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
                Message saw = i < first.size() ? first.get(i) : null;
                Message is = i < second.size() ? second.get(i) : null;
                if (!Objects.equals(saw, is)) {
                    wrong("%s, partition %d: the live reader saw %s, but there is %s", topic, partition, saw, is);
                    break;
                }
            }
        }
    }

    private static List<Message> of(int partition, Collection<Message> messages) {
        return messages.stream()
                .filter(message -> message.partition() == partition)
                .toList();
    }

    private void rows() {
        Map<Row.Id, Row> last = new HashMap<>();
        Map<String, Long> ends = new HashMap<>();
        List<List<Row.Id>> order = new ArrayList<>();
        IntStream.range(0, rules.partitions()).forEach(partition -> order.add(new ArrayList<>()));
        for (Message message : evidence.after().sink()) {
            Row row = Row.of(message, rules);
            if (row == null || !row.id().key().equals(Message.utf8(message.key()))) {
                wrongRow("no row, or under another key: %s", message);
                continue;
            }
            Row before = last.put(row.id(), row);
            boolean again = before != null && before.last();
            if (before != null && (again && rules.lateness() == 0 || row.revision() != before.revision() + 1)) {
                wrongRow("twice: %s after %s", message, before);
            } else if (before == null && row.revision() != 1) {
                wrongRow("the first row has a later revision: %s", message);
            }
            totals(message, row, before);
            if (row.last() && !again) {
                order.get(message.partition()).add(row.id());
                if (ends.merge(row.id().key(), row.end(), Math::max) > row.end() && rules.lateness() == 0) {
                    wrongRow("after a later window of its key: %s", message);
                }
            }
        }
        expected.closed().forEach((id, cell) -> {
            Row row = last.get(id);
            if (row == null || !row.last() || !row.totals().equals(cell.totals())) {
                wrongRow("missing: %s with %s", id, cell.totals());
            }
        });
        if (rules.kind() == Rules.Kind.TOTAL) {
            expected.open().forEach((id, cell) -> {
                Row row = last.get(id);
                if (row == null || !row.totals().equals(cell.totals())) {
                    wrongRow("missing: %s with %s", id, cell.totals());
                }
            });
        }
        order(order);
    }

    private void totals(Message message, Row row, @Nullable Row before) {
        Cell cell = row.last()
                ? expected.closed().get(row.id())
                : Objects.requireNonNullElse(
                        expected.closed().get(row.id()), expected.open().getOrDefault(row.id(), new Cell()));
        if (cell == null || row.totals().count() < 1 || row.totals().count() > cell.count()) {
            wrongRow("too much: %s where the source has %s", message, cell == null ? "nothing" : cell.totals());
            return;
        }
        boolean right = row.last() && rules.lateness() == 0
                ? row.totals().equals(cell.totals())
                // Behind a shuffle nobody knows which of them came first.
                : rules.shuffled()
                        || row.totals().equals(cell.totals((int) row.totals().count()));
        if (row.last()) {
            right &= row.totals().count() >= cell.closedWith();
        }
        if (before != null && (!row.last() || before.last())) {
            right &= row.totals().count() > before.totals().count();
        }
        if (!right) {
            wrongRow("wrong: %s where the source has %s", message, cell.totals());
        }
    }

    private void wrongRow(String what, Object... details) {
        wrongRows++;
        wrong("row " + what, details);
    }

    /** Without a shuffle windows leave in the order of their ends, and the rest of the order is fixed, too. */
    private void order(List<List<Row.Id>> order) {
        if (rules.shuffled()) {
            return;
        }
        for (int partition = 0; partition < rules.partitions(); partition++) {
            List<Row.Id> wanted = List.copyOf(expected.fold(partition).closed().keySet());
            List<Row.Id> found = order.get(partition);
            for (int i = 0; i < Math.min(wanted.size(), found.size()); i++) {
                boolean right = rules.overlapping()
                        ? wanted.get(i).end() == found.get(i).end()
                        : wanted.get(i).equals(found.get(i));
                if (!right) {
                    wrongRow(
                            "in another order, partition %d: %s where %s must be",
                            partition, found.get(i), wanted.get(i));
                    break;
                }
            }
        }
    }

    private interface Offsets {
        List<Long> of(PartitionFold fold);
    }

    private void sideRecords(String what, List<Message> found, Offsets offsets) {
        for (int partition = 0; partition < rules.partitions(); partition++) {
            List<Long> wanted = offsets.of(expected.fold(partition));
            int number = partition;
            List<Long> origins = found.stream()
                    .map(Message::origin)
                    .filter(Objects::nonNull)
                    .filter(origin -> origin.partition() == number)
                    .map(Message.Position::offset)
                    .toList();
            if (!origins.equals(wanted)) {
                int at = 0;
                while (at < Math.min(origins.size(), wanted.size())
                        && origins.get(at).equals(wanted.get(at))) {
                    at++;
                }
                wrongRow(
                        "%s of partition %d: %d in place of %d, the first difference is number %d",
                        what, partition, origins.size(), wanted.size(), at);
            }
        }
    }

    /**
     * Each record of the source is in exactly one place: by numbers of records and by their values, and by their
     * places.
     */
    private void conservation() {
        Set<Message.Position> aside = new HashSet<>();
        List<Message> all = new ArrayList<>(evidence.after().late());
        all.addAll(evidence.after().dead());
        for (Message message : all) {
            Message origin = message.origin() == null ? null : expected.source(message.origin());
            if (origin == null
                    || !Objects.equals(origin.key(), message.key())
                    || !Objects.equals(origin.value(), message.value())) {
                wrong("side record without its like in the source: %s", message);
            } else if (!aside.add(message.origin())) {
                wrong("source record set aside twice: %s", message);
            }
        }
        if (rules.overlapping()) {
            return;
        }
        long count = aside.size();
        long sum = 0;
        for (Message message : evidence.after().late()) {
            Line line = Line.of(message, rules);
            sum += line == null ? 0 : line.value();
        }
        Map<Row.Id, Row> rows = new HashMap<>();
        for (Message message : evidence.after().sink()) {
            Row row = Row.of(message, rules);
            if (row != null && (row.last() || rules.kind() == Rules.Kind.TOTAL)) {
                rows.put(row.id(), row);
            }
        }
        for (Row row : rows.values()) {
            count += row.totals().count();
            sum += row.totals().sum();
        }
        for (Map.Entry<Row.Id, Cell> open : expected.open().entrySet()) {
            if (!rows.containsKey(open.getKey())) {
                count += open.getValue().count();
                sum += open.getValue().totals().sum();
            }
        }
        if (count != evidence.source().size() || sum != expected.values()) {
            wrong(
                    "rows, open windows, late records and dead letters hold %d records and values of %d; the source %d and %d",
                    count, sum, evidence.source().size(), expected.values());
        }
    }

    /** The committed ranges follow one another, and their ledgers say what is in them. */
    private void commits() {
        Map<Integer, Long> last = new HashMap<>();
        for (Commit commit : evidence.commits()) {
            Long before = last.put(commit.partition(), commit.offset());
            if (before != null && before > commit.offset()) {
                wrong("offset committed backwards, from %d: %s", before, commit);
            }
            PartitionFold fold = expected.fold(commit.partition());
            long[] there = fold.before(commit.offset());
            String ledger = there[0] + "," + there[1] + "," + there[2] + ",0";
            if (!String.valueOf(commit.offset()).equals(commit.field("o")) || !ledger.equals(commit.field("l"))) {
                wrong("ledger is not %s at %s", ledger, commit);
            }
        }
        for (int partition = 0; partition < rules.partitions(); partition++) {
            if (!Objects.equals(last.get(partition), evidence.committed().get(partition))) {
                wrong(
                        "partition %d: the last commit is of %s, the group is at %s",
                        partition, last.get(partition), evidence.committed().get(partition));
            }
        }
    }

    /** What is written and what would be replayed make together what they must, at each commit. */
    private void state() {
        if (rules.shuffled()) {
            return;
        }
        for (int partition = 0; partition < rules.partitions(); partition++) {
            int number = partition;
            new StateCheck(
                            rules,
                            expected.fold(partition),
                            expected.state(partition),
                            of(partition, evidence.state()),
                            evidence.commits().stream()
                                    .filter(commit -> commit.partition() == number)
                                    .toList(),
                            finding -> wrong("state of partition %d: %s", number, finding))
                    .run();
        }
    }

    /** No transaction is open, and nothing is left to read. */
    private void ends() {
        for (Evidence.End end : evidence.ends()) {
            if (end.stable() != end.end()) {
                wrong("a transaction hangs: %s", end);
            }
        }
        for (int partition = 0; partition < rules.partitions(); partition++) {
            String source = "source-" + partition;
            long committed = evidence.committed().get(partition);
            if (evidence.ends().stream().noneMatch(end -> end.partition().equals(source) && end.end() == committed)) {
                wrong("partition %d of the source is read up to %d, which is not its end", partition, committed);
            }
        }
    }
}
