package io.tally.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.exact.BuiltIn;
import io.tally.engine.EngineView;
import io.tally.engine.Engines;
import io.tally.engine.WindowEngine;
import io.tally.engine.WindowOutput;
import io.tally.engine.WindowResult;
import io.tally.engine.partial.Combiner;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.StateEntry;
import io.tally.testkit.AggregateLaws;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CustomAggregateTest {
    @Test
    void theExampleKeepsTheLaws() {
        AggregateLaws.of(
                        new WeightedMean(),
                        2,
                        random -> AggregateInput.of(
                                0,
                                random.nextInt(9) == 0 ? null : Integer.toString(random.nextInt(9)),
                                Double.toString(random.nextInt(9) / 2.0 - 0.5)))
                .commutative()
                .check();
    }

    /** The smallest int has no positive counterpart. The kit met it in one run of many. */
    @Test
    void theExampleRefusesTheSmallestScale() {
        byte[] bytes = ByteBuffer.allocate(14)
                .putInt(1)
                .putInt(Integer.MIN_VALUE)
                .putInt(1)
                .put((byte) 1)
                .put((byte) 1)
                .array();
        assertThatThrownBy(() -> new WeightedMean().read(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a scale of -2147483648");
    }

    @Test
    void theExampleIsTheOneInTheDocumentation() throws IOException {
        Path project = Path.of("docs/examples/weighted-mean/src");
        String documentation = Files.readString(Path.of("docs/aggregates.md"));
        for (String file : List.of("WeightedMean", "MeanAutoConfiguration")) {
            String source = Files.readString(project.resolve("main/java/com/example/mean/" + file + ".java"));
            int start = source.indexOf(file.equals("WeightedMean") ? "public class" : "@Auto");
            assertThat(documentation).contains("```java\n" + source.substring(start) + "```");
        }
        String mean = Files.readString(Path.of("src/test/java/io/tally/aggregate/WeightedMean.java"));
        assertThat(documentation).contains(mean.substring(mean.indexOf("public class")));
    }

    @Test
    void anEventThatIsRefusedLeavesNoTrace() {
        Aggregate mean = CustomAggregates.of("mean", new WeightedMean(), List.of(0, 1));
        Cells cells = Cells.of(mean);
        mean.add(cells, event("10", "1"));
        mean.add(cells, event("20", "3"));
        assertThatThrownBy(() -> mean.add(cells, event("20", "-1")))
                .isInstanceOf(AggregateFailedException.class)
                .hasMessage("aggregate 'mean' refuses the record: java.lang.IllegalArgumentException: a weight of -1");
        assertThatThrownBy(() -> mean.add(cells, event("x", "1")))
                .isInstanceOf(AggregateFailedException.class)
                .hasMessageEndingWith("field 0 is no number: x");
        assertThatThrownBy(() -> mean.add(cells, event("1E+999", "1"))).hasMessageContaining("too large an exponent");
        assertThat(mean.result(cells)).isEqualTo(new BigDecimal("17.500000"));
    }

    /** As with SQL's functions of several arguments, unless the function says otherwise. */
    @Test
    void anEventWithoutAFieldIsPassedOver() {
        Event missing = event("10", "1");
        missing.field(1).missing();
        Aggregate mean = CustomAggregates.of("mean", new WeightedMean(), List.of(0, 1));
        Cells cells = Cells.of(mean);
        mean.add(cells, missing);
        assertThat(mean.result(cells)).isNull();
        mean.add(cells, event("20", "3"));
        mean.add(cells, missing);
        assertThat(mean.result(cells)).isEqualTo(new BigDecimal("20.000000"));

        Aggregate asks = CustomAggregates.of(
                "asks",
                new Texts() {
                    @Override
                    public boolean takesMissing() {
                        return true;
                    }

                    @Override
                    public List<String> add(List<String> texts, AggregateInput input) {
                        texts.add(input.isMissing(0) ? "none" : input.text(0));
                        return texts;
                    }
                },
                List.of(1));
        Cells texts = Cells.of(asks);
        asks.add(texts, missing);
        asks.add(texts, event("", "b"));
        assertThat(EngineView.text(new @Nullable Object[] {asks.result(texts)})).isEqualTo("[none, b]");
        Aggregate rash = CustomAggregates.of(
                "rash",
                new Texts() {
                    @Override
                    public boolean takesMissing() {
                        return true;
                    }
                },
                List.of(1));
        assertThatThrownBy(() -> rash.add(Cells.of(rash), missing))
                .isInstanceOf(AggregateFailedException.class)
                .hasMessageEndingWith("field 0 is missing");
    }

    /** Adds the first field to a list in the worst way: it changes the list and then throws. */
    private static class Texts implements CustomAggregate<List<String>> {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public List<String> create() {
            return new ArrayList<>();
        }

        @Override
        public List<String> add(List<String> texts, AggregateInput input) throws Exception {
            texts.add(input.text(0));
            if (input.text(0).equals("no")) {
                throw new Exception("said no");
            }
            return texts;
        }

        @Override
        public List<String> merge(List<String> left, List<String> right) {
            left.addAll(right);
            return left;
        }

        @Override
        public @Nullable Object result(List<String> texts) {
            return texts;
        }

        @Override
        public byte[] write(List<String> texts) {
            return String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public List<String> read(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            return new ArrayList<>(text.isEmpty() ? List.of() : List.of(text.split("\n", -1)));
        }
    }

    private static AggregateInput text(Random random) {
        return AggregateInput.of(0, random.nextInt(5) == 0 ? "no" : "t" + random.nextInt(3));
    }

    /** An interrupt would break the thread's next call of Kafka, and again whenever the record is read again. */
    @Test
    void anInterruptIsNotLeftBehind() {
        Aggregate mean = CustomAggregates.of("mean", new Interrupting(), List.of(0, 1));
        Cells cells = Cells.of(mean);
        StateOutput out = new StateOutput();
        List<Runnable> methods = List.of(
                () -> mean.add(cells, event("10", "1")),
                () -> assertThatThrownBy(() -> mean.add(cells, event("10", "-1"))),
                () -> mean.merge(Cells.of(mean), cells),
                () -> mean.result(cells),
                () -> mean.write(cells, out));
        assertThat(methods).allSatisfy(method -> {
            method.run();
            assertThat(Thread.interrupted()).isFalse();
        });
    }

    /** Otherwise the clock would decide which records are counted. */
    @Test
    void anInterruptRefusesNoRecord() {
        Aggregate waiting = CustomAggregates.of("waiting", new Waiting(), List.of(0));
        assertThatThrownBy(() -> waiting.add(Cells.of(waiting), event("10", "1")))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("method add of aggregate 'waiting' was interrupted");
    }

    private static final class Waiting extends Texts {
        @Override
        public List<String> add(List<String> texts, AggregateInput input) throws InterruptedException {
            throw new InterruptedException();
        }
    }

    private static final class Interrupting extends WeightedMean {
        @Override
        public Sums copy(Sums sums) {
            Thread.currentThread().interrupt();
            return super.copy(sums);
        }

        @Override
        public Sums add(Sums sums, AggregateInput input) {
            Thread.currentThread().interrupt();
            return super.add(sums, input);
        }

        @Override
        public Object result(Sums sums) {
            Thread.currentThread().interrupt();
            return super.result(sums);
        }

        @Override
        public byte[] write(Sums sums) {
            Thread.currentThread().interrupt();
            return super.write(sums);
        }
    }

    @Test
    void aMutableAccumulatorIsChangedAsACopy() {
        AggregateLaws.of(new Texts(), 1, CustomAggregateTest::text).check();
    }

    @Test
    void theKitFindsAFunctionThatBreaksALaw() {
        assertBroken("merging a split is adding one by one", new Texts() {
            @Override
            public List<String> merge(List<String> left, List<String> right) {
                return left;
            }
        });
        assertBroken("what was read gives the same result", new Texts() {
            @Override
            public byte[] write(List<String> texts) {
                return super.write(texts.subList(0, Math.min(2, texts.size())));
            }

            @Override
            public List<String> copy(List<String> texts) {
                return new ArrayList<>(texts);
            }
        });
        assertBroken("the accumulator itself stays as it was", new Texts() {
            @Override
            public List<String> copy(List<String> texts) {
                return texts;
            }
        });
        assertBroken("equal events give equal", new Texts() {
            @Override
            public List<String> add(List<String> texts, AggregateInput input) {
                texts.add(Double.toString(Math.random()));
                return texts;
            }
        });
        assertBroken("is neither a number nor a text", new Texts() {
            @Override
            public Object result(List<String> texts) {
                return texts.isEmpty() ? "" : new Object();
            }
        });
        assertThatThrownBy(() -> AggregateLaws.of(new Texts(), 1, CustomAggregateTest::text)
                        .commutative()
                        .check())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the order of");
    }

    private static void assertBroken(String law, CustomAggregate<?> function) {
        assertThatThrownBy(() ->
                        AggregateLaws.of(function, 1, CustomAggregateTest::text).check())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law)
                .hasMessageContaining("repeat with seed(");
    }

    @Test
    void turnsResultsIntoTypesThatSinksWrite() {
        assertThat(CustomResult.of(3)).isEqualTo(3L);
        assertThat(CustomResult.of(1.5)).isEqualTo(new BigDecimal("1.5"));
        assertThat(CustomResult.of(Double.NaN)).isNull();
        assertThat(CustomResult.of(BigInteger.TEN)).isEqualTo(new BigDecimal(10));
        assertThat(CustomResult.of("ü")).isEqualTo("ü".getBytes(StandardCharsets.UTF_8));
        assertThat(CustomResult.of(List.of(1, List.of()))).isEqualTo(List.of(1L, List.of()));
        assertThat(CustomResult.of(Map.of(1, 2))).isEqualTo(Map.of("1", 2L));
        assertThatThrownBy(() -> CustomResult.of(List.of(true)))
                .hasMessage("java.lang.Boolean is neither a number nor a text, nor a list or map of such");
    }

    /** No accumulator, and one with its length in front. */
    @Test
    void pinsTheBytes() {
        Aggregate texts = CustomAggregates.of("texts", new Texts(), List.of(0));
        Cells cells = Cells.of(texts);
        assertThat(bytes(texts, cells)).isEqualTo("00");
        texts.add(cells, event("a", ""));
        texts.add(cells, event("b", ""));
        assertThat(bytes(texts, cells)).isEqualTo("01" + "03" + "610a62");
    }

    private static String bytes(Aggregate aggregate, Cells cells) {
        StateOutput out = new StateOutput();
        aggregate.write(cells, out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    @Test
    void anEventThatIsRefusedIsNotInTheWindowsRow() {
        WindowSpec spec = WindowSpec.of(Windowing.tumbling(Duration.ofMillis(10)), Duration.ZERO);
        List<Aggregate> functions =
                List.of(BuiltIn.count(), CustomAggregates.of("texts", new Texts(), List.of(0)), BuiltIn.last(0));
        WindowEngine engine = Engines.forEvents(spec, new Aggregates(functions), 1);
        Combiner combiner = Engines.combiner(spec, new Aggregates(functions));
        Event refused = event("no", "");
        refused.key(new byte[] {'k'}, 0, 1);
        assertThatThrownBy(() -> engine.fold(refused, 1, NOWHERE)).isInstanceOf(AggregateFailedException.class);
        assertThatThrownBy(() -> combiner.fold(refused, 0)).isInstanceOf(AggregateFailedException.class);
        assertThat(engine.openEntries()).isZero();
        assertThat(engine.openWindows()).as("as after a restore").isZero();
        assertThat(engine.recoveryOffset()).isEqualTo(WindowEngine.NOTHING_DIRTY);
        assertThat(combiner.entries()).isZero();

        Event taken = event("yes", "");
        taken.key(new byte[] {'k'}, 0, 1);
        assertThat(engine.fold(taken, 2, NOWHERE)).isTrue();
        combiner.fold(taken, 0);
        assertThatThrownBy(() -> engine.fold(refused, 3, NOWHERE)).isInstanceOf(AggregateFailedException.class);
        assertThatThrownBy(() -> combiner.fold(refused, 0)).isInstanceOf(AggregateFailedException.class);
        combiner.takePartials(row -> {
            StateOutput out = new StateOutput();
            row.writeAccumulators(out);
            assertThat(HexFormat.of().formatHex(out.toByteArray()))
                    .as("one record, one text, the last at time 0")
                    .isEqualTo("01" + "0103796573" + "010003796573");
        });
        assertThat(engine.recoveryOffset()).isEqualTo(2);
    }

    private static final WindowOutput NOWHERE = new WindowOutput() {
        @Override
        public void result(WindowResult result) {
            throw new AssertionError("no window closes");
        }

        @Override
        public void forget(StateEntry entry) {
            throw new AssertionError("no window closes");
        }
    };

    @Test
    void saysWhichMethodFailed() {
        Aggregate broken = CustomAggregates.of(
                "broken",
                new Texts() {
                    @Override
                    public @Nullable Object result(List<String> texts) {
                        throw new ArithmeticException("/ by zero");
                    }
                },
                List.of(0));
        assertThatThrownBy(() -> broken.result(Cells.of(broken)))
                .isInstanceOf(BrokenAggregateException.class)
                .hasMessageStartingWith("method result of aggregate 'broken' (io.tally.aggregate.CustomAggregateTest$")
                .hasMessageEndingWith("failed: java.lang.ArithmeticException: / by zero");
    }

    private static Event event(String first, String second) {
        Event event = new Event(2);
        text(event, 0, first);
        text(event, 1, second);
        return event;
    }

    private static void text(Event event, int slot, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        event.field(slot).text(bytes, 0, bytes.length);
    }
}
