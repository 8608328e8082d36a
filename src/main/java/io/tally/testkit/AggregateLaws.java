package io.tally.testkit;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.AggregateInput;
import io.tally.aggregate.Cells;
import io.tally.aggregate.CustomAggregate;
import io.tally.aggregate.CustomAggregates;
import io.tally.aggregate.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Checks with random events that an aggregate function keeps the laws on which exactly-once results rest:
 *
 * <ul>
 *   <li>equal events give equal results and equal bytes;
 *   <li>an accumulator that was written and read again gives the same result and the same bytes, and goes on as if
 *       nothing had happened;
 *   <li>an empty accumulator changes nothing when it is merged;
 *   <li>adding events one by one and merging the accumulators of any split of them, in order, give the same result,
 *       which includes that merging is associative;
 *   <li>merging leaves the other accumulator as it was, and what happens to one later does not show in the other;
 *   <li>of a function that may refuse an event: it works on a copy, so a refused event leaves the accumulator as it
 *       was;
 *   <li>if {@link #commutative()} is claimed: the order of events and of accumulators does not matter;
 *   <li>bytes that are cut are refused, bytes behind the accumulator's own are left alone, and bytes that are damaged
 *       are refused with {@link IllegalStateException} or give an accumulator that works.
 * </ul>
 *
 * <p>In the manner of QuickCheck, laws are tried on random inputs: a violation is an {@link AssertionError} that names
 * the law, what was expected and found, and the seed that repeats it.
 */
public final class AggregateLaws {
    private static final int ROUNDS = 300;
    /** Mostly few events, so that borders are met; sometimes enough to leave every small form behind. */
    private static final int FEW = 12;

    private static final int MANY = 600;

    private final Aggregate aggregate;
    private final EventSamples samples;
    private final long seed;
    private final int rounds;
    private final boolean commutative;

    private AggregateLaws(Aggregate aggregate, EventSamples samples, long seed, int rounds, boolean commutative) {
        this.aggregate = aggregate;
        this.samples = samples;
        this.seed = seed;
        this.rounds = rounds;
        this.commutative = commutative;
    }

    /**
     * The laws of one aggregate function.
     *
     * @param fields number of its input slots
     * @param sample fills in a random event; let equal values happen often
     */
    public static AggregateLaws of(Aggregate aggregate, int fields, EventSample sample) {
        return new AggregateLaws(aggregate, new EventSamples(fields, sample), new Random().nextLong(), ROUNDS, false);
    }

    /**
     * The laws of a user's function.
     *
     * @param fields number of the fields that it reads
     * @param sample makes a random record with so many fields (see {@link AggregateInput#of}); let equal values happen
     *     often, and values that the function refuses sometimes
     */
    public static AggregateLaws of(CustomAggregate<?> function, int fields, Function<Random, AggregateInput> sample) {
        List<Integer> slots = IntStream.range(0, fields).boxed().toList();
        String name = function.getClass().getName();
        return of(CustomAggregates.of(name, function, slots), fields, (random, event) -> {
            AggregateInput input = sample.apply(random);
            event.time(input.time());
            for (int slot : slots) {
                if (input.isMissing(slot)) {
                    event.field(slot).missing();
                } else {
                    byte[] bytes = input.bytes(slot);
                    event.field(slot).text(bytes, 0, bytes.length);
                }
            }
        });
    }

    /** Claims that the order of events does not matter. */
    public AggregateLaws commutative() {
        return new AggregateLaws(aggregate, samples, seed, rounds, true);
    }

    /** Repeats the check that reported this seed. */
    public AggregateLaws seed(long repeated) {
        return new AggregateLaws(aggregate, samples, repeated, rounds, commutative);
    }

    /** As many random sets of events, at least 1; {@value #ROUNDS} if not said otherwise. */
    public AggregateLaws rounds(int number) {
        return new AggregateLaws(aggregate, samples, seed, number, commutative);
    }

    /**
     * Checks all laws.
     *
     * @throws AssertionError if one does not hold
     */
    public void check() {
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            int events = random.nextInt(20) == 0 ? random.nextInt(MANY) : random.nextInt(FEW);
            List<Event> list = samples.list(random, events);
            try {
                check(random, list);
            } catch (LawException e) {
                throw violated(String.valueOf(e.getMessage()), events, round, e.getCause());
            } catch (RuntimeException e) {
                throw violated("it threw " + e, events, round, e);
            }
        }
    }

    private AssertionError violated(String message, int events, int round, @Nullable Throwable cause) {
        return new AssertionError(
                aggregate + ": " + message + "\n  with " + events + " events in round " + round + "; repeat with seed("
                        + seed + "L)",
                cause);
    }

    private void check(Random random, List<Event> events) {
        Accumulator whole = fold(events);
        String result = whole.result();
        LawException.unless(
                "equal events give equal bytes", whole.hex(), fold(events).hex());
        roundTrip(random, events, whole);
        LawException.unless(
                "an empty accumulator changes nothing",
                result,
                empty().merge(whole).result());
        LawException.unless(
                "an empty accumulator changes nothing",
                result,
                fold(events).merge(empty()).result());
        List<Accumulator> parts = split(random, events);
        LawException.unless(
                "merging a split is adding one by one",
                result,
                inOrder(random, parts).result());
        sharing(random, events);
        if (commutative) {
            List<Event> shuffled = new ArrayList<>(events);
            Collections.shuffle(shuffled, random);
            LawException.unless(
                    "the order of events does not matter",
                    result,
                    fold(shuffled).result());
            Collections.shuffle(parts, random);
            LawException.unless(
                    "the order of merging does not matter",
                    result,
                    inOrder(random, parts).result());
        }
        new Damage(this::empty, random).check(whole);
    }

    /** Writing and reading at any point changes nothing, then or later. */
    private void roundTrip(Random random, List<Event> events, Accumulator whole) {
        reread(whole);
        int cut = random.nextInt(events.size() + 1);
        Accumulator restored = reread(fold(events.subList(0, cut)));
        add(restored, events.subList(cut, events.size()));
        LawException.unless("what was read goes on as before", whole.result(), restored.result());
        LawException.unless("what was read goes on as before, to the byte", whole.hex(), restored.hex());
    }

    private Accumulator reread(Accumulator accumulator) {
        Accumulator restored = empty().read(accumulator.bytes());
        LawException.unless("what was read gives the same result", accumulator.result(), restored.result());
        LawException.unless("what was read is written as before", accumulator.hex(), restored.hex());
        return restored;
    }

    private void sharing(Random random, List<Event> events) {
        int cut = random.nextInt(events.size() + 1);
        Accumulator left = fold(events.subList(0, cut));
        Accumulator right = fold(events.subList(cut, events.size()));
        String other = right.hex();
        left.merge(right);
        LawException.unless("merging leaves the other accumulator as it was", other, right.hex());
        add(left, events);
        LawException.unless("what is added after a merge does not show in the other", other, right.hex());
        String merged = left.hex();
        add(right, events);
        LawException.unless("what is added to the other after a merge does not show", merged, left.hex());
    }

    /** Merges neighbours in random order: every way to set the brackets. */
    private Accumulator inOrder(Random random, List<Accumulator> parts) {
        List<Accumulator> left = new ArrayList<>();
        parts.forEach(part -> left.add(empty().read(part.bytes())));
        while (left.size() > 1) {
            int at = random.nextInt(left.size() - 1);
            left.get(at).merge(left.remove(at + 1));
        }
        return left.get(0);
    }

    private List<Accumulator> split(Random random, List<Event> events) {
        List<Accumulator> parts = new ArrayList<>();
        int from = 0;
        do {
            int to = from + random.nextInt(events.size() - from + 1);
            parts.add(fold(events.subList(from, to)));
            from = to;
        } while (from < events.size());
        return parts;
    }

    private Accumulator fold(List<Event> events) {
        Accumulator accumulator = empty();
        add(accumulator, events);
        return accumulator;
    }

    private void add(Accumulator accumulator, List<Event> events) {
        for (Event event : events) {
            samples.lend(event, accumulator::add);
        }
    }

    private Accumulator empty() {
        return new Accumulator(aggregate, Cells.of(aggregate));
    }
}
