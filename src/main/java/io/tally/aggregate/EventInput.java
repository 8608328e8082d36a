package io.tally.aggregate;

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
    public boolean isMissing(int field) {
        return event.field(slots.get(field)).isMissing();
    }

    @Override
    public byte[] bytes(int field) {
        if (isMissing(field)) {
            throw new IllegalStateException("field " + field + " is missing");
        }
        return event.field(slots.get(field)).copyText();
    }
}
