package io.tally.aggregate;

import java.nio.charset.StandardCharsets;

/** An input made of texts. */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record GivenInput(long time, String[] fields) implements AggregateInput {
    @Override
    public int size() {
        return fields.length;
    }

    @Override
    public byte[] bytes(int field) {
        return fields[field].getBytes(StandardCharsets.UTF_8);
    }
}
