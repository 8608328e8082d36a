package io.tally.aggregate;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An input made of texts. */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record GivenInput(long time, @Nullable String[] fields) implements AggregateInput {
    @Override
    public int size() {
        return fields.length;
    }

    @Override
    public boolean isMissing(int field) {
        return fields[field] == null;
    }

    @Override
    public byte[] bytes(int field) {
        String text = fields[field];
        if (text == null) {
            throw new IllegalStateException("field " + field + " is missing");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
