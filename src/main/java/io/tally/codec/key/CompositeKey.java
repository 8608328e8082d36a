package io.tally.codec.key;

import io.tally.aggregate.Event;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteOutput;
import io.tally.codec.bytes.JsonText;
import io.tally.setting.Setting;

/**
 * Several fields are the group key, as a JSON array of their texts. A field may be empty, since the array never is. No
 * two combinations have the same array.
 */
final class CompositeKey implements GroupKey {
    private final int[] slots;
    private final KeyRules rules;
    private final int maxBytes;
    private final ByteOutput out = new ByteOutput();

    CompositeKey(int[] slots, KeyRules rules, int maxBytes) {
        this.slots = slots;
        this.rules = rules;
        this.maxBytes = maxBytes;
    }

    @Override
    public void read(SourceRecord record, Fields fields, Event event) {
        out.reset();
        out.write('[');
        for (int i = 0; i < slots.length; i++) {
            if (i > 0) {
                out.write(',');
            }
            append(slots[i], fields);
        }
        out.write(']');
        rules.check(out.buffer(), 0, out.size());
        rules.verify(record, out.buffer(), 0, out.size());
        event.key(out.buffer(), 0, out.size());
    }

    private void append(int slot, Fields fields) {
        int length = fields.length(slot);
        // Also keeps the buffer from growing to the size of the largest record.
        if (length > maxBytes) {
            throw new RejectedException(
                    Reason.BAD_KEY,
                    "key field '" + fields.name(slot) + "' has " + length + " bytes, more than " + Setting.KEY_MAX_BYTES
                            + " " + maxBytes);
        }
        JsonText.write(fields.buffer(), fields.start(slot), length, out);
    }
}
