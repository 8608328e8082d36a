package io.tally.campaign.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Something that is wrong with a round that was right. The live reader sees it, too, so that it is the recount that
 * must find it.
 */
public enum Mutation {
    ROW_DROPPED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = finalRow(evidence, rules, random);
            onSink(evidence, sink -> sink.remove(index));
        }
    },
    LAST_ROW_DROPPED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            // An update of a window that is still open need not come.
            int index = evidence.after().sink().size() - 1;
            while (!isLast(evidence, rules, index)) {
                index--;
            }
            int last = index;
            onSink(evidence, sink -> sink.remove(last));
        }
    },
    ROW_TWICE {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = finalRow(evidence, rules, random);
            onSink(evidence, sink -> sink.add(index + 1, sink.get(index)));
        }
    },
    VALUES_SWAPPED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int first = finalRow(evidence, rules, random);
            int second = finalRow(evidence, rules, random);
            Row one = row(evidence, rules, first);
            Row other = row(evidence, rules, second);
            while (one.totals().equals(other.totals())) {
                second = finalRow(evidence, rules, random);
                other = row(evidence, rules, second);
            }
            rewrite(evidence, rules, first, one.withTotals(other.totals()));
            rewrite(evidence, rules, second, other.withTotals(one.totals()));
        }
    },
    IN_THE_NEXT_WINDOW {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = finalRow(evidence, rules, random);
            Row row = row(evidence, rules, index);
            long by = rules.advance();
            rewrite(
                    evidence,
                    rules,
                    index,
                    row.withId(new Row.Id(
                            row.id().start() + by, row.id().end() + by, row.id().key())));
        }
    },
    KEYS_SWAPPED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int first = finalRow(evidence, rules, random);
            Row one = row(evidence, rules, first);
            int second = finalRow(evidence, rules, random);
            Row other = row(evidence, rules, second);
            while (one.id().key().equals(other.id().key())) {
                second = finalRow(evidence, rules, random);
                other = row(evidence, rules, second);
            }
            String keyOfOne = one.id().key();
            String keyOfOther = other.id().key();
            rewrite(
                    evidence,
                    rules,
                    first,
                    one.withId(new Row.Id(one.id().start(), one.id().end(), keyOfOther)));
            rewrite(
                    evidence,
                    rules,
                    second,
                    other.withId(new Row.Id(other.id().start(), other.id().end(), keyOfOne)));
        }
    },
    ORDER_SWAPPED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            List<Message> sink = evidence.after().sink();
            while (true) {
                int first = finalRow(evidence, rules, random);
                Message one = sink.get(first);
                for (int second = first + 1; second < sink.size(); second++) {
                    Message other = sink.get(second);
                    if (other.partition() == one.partition()
                            && Objects.equals(other.key(), one.key())
                            && isLast(evidence, rules, second)) {
                        int at = second;
                        onSink(evidence, rows -> {
                            rows.set(first, other);
                            rows.set(at, one);
                        });
                        return;
                    }
                }
            }
        }
    },
    /** As if a record at a window's end were counted in it, too. */
    NEIGHBOURS_RECORD_COUNTED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = finalRow(evidence, rules, random);
            Row row = row(evidence, rules, index);
            rewrite(
                    evidence,
                    rules,
                    index,
                    row.withTotals(plus(row.totals(), row.totals().low())));
        }
    },
    SUM_BY_ONE {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = finalRow(evidence, rules, random);
            Row row = row(evidence, rules, index);
            Cell.Totals totals = row.totals();
            rewrite(
                    evidence,
                    rules,
                    index,
                    row.withTotals(new Cell.Totals(totals.count(), totals.sum() + 1, totals.low(), totals.high())));
        }
    },
    LATE_RECORD_COUNTED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            List<Message> late = evidence.after().late();
            // Without late records another one is counted where it does not belong.
            List<Message> candidates = late.isEmpty() ? evidence.source() : late;
            Line line = null;
            while (line == null) {
                line = Line.of(candidates.get(random.nextInt(candidates.size())), rules);
            }
            int index = finalRow(evidence, rules, random);
            Row row = row(evidence, rules, index);
            rewrite(evidence, rules, index, row.withTotals(plus(row.totals(), line.value())));
        }
    },
    BATCH_REPLAYED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            onSink(evidence, sink -> sink.addAll(new ArrayList<>(sink.subList(sink.size() / 2, sink.size()))));
        }
    },
    SINK_EMPTY {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            onSink(evidence, List::clear);
        }
    },
    READER_READS_NOTHING {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            for (Evidence.Outputs outputs : List.of(evidence.after(), evidence.live())) {
                outputs.sink().clear();
                outputs.late().clear();
                outputs.dead().clear();
            }
            evidence.source().clear();
            evidence.commits().clear();
            evidence.state().clear();
            evidence.ends().clear();
        }
    },
    DEAD_LETTER_LOST {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = random.nextInt(evidence.after().dead().size());
            evidence.after().dead().remove(index);
            evidence.live().dead().remove(index);
        }
    },
    DEAD_LETTER_TWICE {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = random.nextInt(evidence.after().dead().size());
            for (Evidence.Outputs outputs : List.of(evidence.after(), evidence.live())) {
                outputs.dead().add(index, outputs.dead().get(index));
            }
        }
    },
    DEAD_LETTER_OF_ANOTHER_RECORD {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = random.nextInt(evidence.after().dead().size());
            for (Evidence.Outputs outputs : List.of(evidence.after(), evidence.live())) {
                Message message = outputs.dead().get(index);
                outputs.dead().set(index, message.with(message.key(), "something else"));
            }
        }
    },
    LATE_RECORD_DEAD {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            Message message =
                    evidence.source().get(random.nextInt(evidence.source().size()));
            Message copy = new Message(
                    message.partition(),
                    0,
                    message.key(),
                    message.value(),
                    new Message.Position(message.partition(), message.offset()));
            evidence.after().dead().add(copy);
            evidence.live().dead().add(copy);
        }
    },
    ABORTED_ROW_SEEN_LIVE {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            List<Message> live = evidence.live().sink();
            int index = random.nextInt(live.size());
            live.add(index, live.get(index));
        }
    },
    LIVE_READER_SKIPPED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            evidence.live().sink().remove(random.nextInt(evidence.live().sink().size()));
        }
    },
    COMMIT_WENT_BACK {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            Commit last = evidence.commits().get(evidence.commits().size() - 1);
            evidence.commits().stream()
                    .filter(commit -> commit.partition() == last.partition() && commit.offset() < last.offset())
                    .findFirst()
                    .ifPresent(first -> evidence.commits().add(first));
            evidence.commits().add(last);
        }
    },
    BATCH_SKIPPED {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = random.nextInt(evidence.commits().size());
            Commit commit = evidence.commits().get(index);
            long further = commit.offset() + 200;
            evidence.commits()
                    .set(
                            index,
                            new Commit(
                                    commit.partition(),
                                    further,
                                    commit.metadata().replace("o=" + commit.offset(), "o=" + further)));
        }
    },
    TRANSACTION_HANGS {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = random.nextInt(evidence.ends().size());
            Evidence.End end = evidence.ends().get(index);
            evidence.ends().set(index, new Evidence.End(end.partition(), end.stable() - 1, end.end()));
        }
    },
    LAGS_BEHIND {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int partition = random.nextInt(rules.partitions());
            evidence.committed().set(partition, evidence.committed().get(partition) - 1);
        }
    },
    STATE_ENTRY_LOST(Mutation::entries) {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            evidence.state().remove(any(entries(evidence, rules), random));
        }
    },
    /** The checksum is that of the wrong sum. */
    STATE_SUM_BY_ONE(Mutation::entries) {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = any(entries(evidence, rules), random);
            StateRecord entry = StateRecord.of(evidence.state().get(index), rules);
            evidence.state()
                    .set(index, entry.withSum(1).message(evidence.state().get(index), rules));
        }
    },
    /** An abandoned write that is seen nevertheless. */
    STATE_OF_NO_COMMIT(Mutation::entries) {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = any(entries(evidence, rules), random);
            Message entry = evidence.state().get(index);
            StateRecord further = StateRecord.of(entry, rules);
            evidence.state().add(further.appliedBy(1).message(entry, rules));
        }
    },
    REPLAY_TOO_LATE(Mutation::replayed) {
        @Override
        void apply(Evidence evidence, Rules rules, Random random) {
            int index = any(replayed(evidence, rules), random);
            Commit commit = evidence.commits().get(index);
            evidence.commits()
                    .set(
                            index,
                            new Commit(
                                    commit.partition(),
                                    commit.offset(),
                                    commit.metadata().replace(" r=" + commit.field("r"), " r=" + commit.offset())));
        }
    };

    private interface Places {
        List<Integer> of(Evidence evidence, Rules rules);
    }

    private final Places places;

    /** One that there is always something to change for. */
    Mutation() {
        this((evidence, rules) -> List.of(0));
    }

    /** @param places where there is something to change */
    Mutation(Places places) {
        this.places = places;
    }

    /** Those that there is something to change for. */
    public static List<Mutation> of(Evidence evidence, Rules rules) {
        return Arrays.stream(values())
                .filter(mutation -> !mutation.places.of(evidence, rules).isEmpty())
                .toList();
    }

    private static int any(List<Integer> places, Random random) {
        return places.get(random.nextInt(places.size()));
    }

    /** Where the entries of the state are. */
    private static List<Integer> entries(Evidence evidence, Rules rules) {
        List<Message> state = evidence.state();
        return IntStream.range(0, state.size())
                .filter(i -> StateRecord.of(state.get(i), rules).content() != null)
                .boxed()
                .toList();
    }

    /** Commits after which a recovery has records to replay. */
    private static List<Integer> replayed(Evidence evidence, Rules rules) {
        List<Commit> commits = evidence.commits();
        return IntStream.range(0, evidence.state().isEmpty() ? 0 : commits.size())
                .filter(i -> !String.valueOf(commits.get(i).offset())
                        .equals(commits.get(i).field("r")))
                .boxed()
                .toList();
    }

    abstract void apply(Evidence evidence, Rules rules, Random random);

    /**
     * The mutations that the checker does not notice.
     *
     * @param good what it finds nothing wrong with
     */
    public static List<Mutation> unnoticed(Expectation expected, Evidence good, long seed) {
        List<Mutation> unnoticed = new ArrayList<>();
        for (Mutation mutation : of(good, expected.rules())) {
            Evidence bad = good.copy();
            mutation.apply(bad, expected.rules(), new Random(seed));
            if (Checker.check(expected, bad).isGreen()) {
                unnoticed.add(mutation);
            }
        }
        return unnoticed;
    }

    private interface Change {
        void apply(List<Message> sink);
    }

    private static void onSink(Evidence evidence, Change change) {
        change.apply(evidence.after().sink());
        change.apply(evidence.live().sink());
    }

    private static Cell.Totals plus(Cell.Totals totals, long value) {
        return new Cell.Totals(
                totals.count() + 1,
                totals.sum() + value,
                Math.min(totals.low(), value),
                Math.max(totals.high(), value));
    }

    private static int finalRow(Evidence evidence, Rules rules, Random random) {
        while (true) {
            int index = random.nextInt(evidence.after().sink().size());
            if (isLast(evidence, rules, index)) {
                return index;
            }
        }
    }

    /** Totals have no last row; any is as good. */
    private static boolean isLast(Evidence evidence, Rules rules, int index) {
        return rules.kind() == Rules.Kind.TOTAL || row(evidence, rules, index).last();
    }

    private static Row row(Evidence evidence, Rules rules, int index) {
        return Objects.requireNonNull(Row.of(evidence.after().sink().get(index), rules));
    }

    private static void rewrite(Evidence evidence, Rules rules, int index, Row row) {
        onSink(evidence, sink -> sink.set(index, sink.get(index).with(row.id().key(), row.text(rules))));
    }
}
