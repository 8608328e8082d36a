package io.tally.codec.key;

import io.tally.aggregate.Event;
import io.tally.codec.Fields;
import io.tally.codec.SourceRecord;

/** One field is the group key; its bytes are not copied. */
final class FieldKey implements GroupKey {
    private final int slot;
    private final KeyRules rules;

    FieldKey(int slot, KeyRules rules) {
        this.slot = slot;
        this.rules = rules;
    }

    @Override
    public void read(SourceRecord record, Fields fields, Event event) {
        int length = fields.length(slot);
        int start = fields.start(slot);
        byte[] buffer = fields.buffer();
        rules.check(buffer, start, length);
        rules.verify(record, buffer, start, length);
        event.key(buffer, start, length);
    }
}
