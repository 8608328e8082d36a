package io.tally.testkit;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FallibleAggregate;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An aggregate function together with one accumulator of it. */
final class Accumulator {
    private final Aggregate aggregate;
    private final Cells cells;

    Accumulator(Aggregate aggregate, Cells cells) {
        this.aggregate = aggregate;
        this.cells = cells;
    }

    /** Adds an event if the function takes it. */
    void add(Event event) {
        if (aggregate instanceof FallibleAggregate fallible) {
            add(fallible, event);
        } else {
            aggregate.add(cells, event);
        }
    }

    private void add(FallibleAggregate fallible, Event event) {
        String before = hex();
        @Nullable Object added;
        try {
            added = fallible.added(cells.object(0), event);
        } catch (AggregateFailedException e) {
            LawException.unless(
                    "a record that is refused is refused by a copy, and the accumulator itself stays as it was",
                    before,
                    hex());
            return;
        }
        LawException.unless("a record is added to a copy, and the accumulator itself stays as it was", before, hex());
        cells.object(0, added);
    }

    Accumulator merge(Accumulator other) {
        aggregate.merge(cells, other.cells);
        return this;
    }

    String result() {
        try {
            return ResultText.of(aggregate.result(cells));
        } catch (IllegalArgumentException e) {
            throw new LawException("a result is of a documented type, but there is " + e.getMessage(), e);
        }
    }

    byte[] bytes() {
        StateOutput out = new StateOutput();
        aggregate.write(cells, out);
        return out.toByteArray();
    }

    String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /** Reads into this empty accumulator all that there is. */
    Accumulator read(byte[] bytes) {
        StateInput in = new StateInput(bytes);
        aggregate.read(cells, in);
        in.expectEnd();
        return this;
    }

    /** Reads into this empty accumulator; says how many bytes it took. */
    int readFrom(byte[] bytes) {
        StateInput in = new StateInput(bytes);
        aggregate.read(cells, in);
        return in.position();
    }
}
