package io.tally.testkit;

import io.tally.window.Aggregate;
import io.tally.window.Cells;
import io.tally.window.Event;
import io.tally.window.FallibleAggregate;
import io.tally.window.StateInput;
import io.tally.window.StateOutput;
import java.util.HexFormat;

/** An aggregate function together with one accumulator of it. */
final class Accumulator {
    private final Aggregate aggregate;
    private final Cells cells;

    Accumulator(Aggregate aggregate, Cells cells) {
        this.aggregate = aggregate;
        this.cells = cells;
    }

    boolean mayRefuse() {
        return aggregate instanceof FallibleAggregate;
    }

    void add(Event event) {
        aggregate.add(cells, event);
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
