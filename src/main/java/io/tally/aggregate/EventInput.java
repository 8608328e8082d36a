package io.tally.aggregate;

import io.tally.window.Event;
import java.util.List;

/** The fields of an event that a function asked for, in its order. */
record EventInput(Event event, List<Integer> slots) implements AggregateInput {
    @Override
    public long time() {
        return event.time();
    }

    @Override
    public int size() {
        return slots.size();
    }

    @Override
    public byte[] bytes(int field) {
        return event.field(slots.get(field)).copyText();
    }
}
