package io.tally.codec.key;

import io.tally.aggregate.Event;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.setting.Setting;

/** The record key is the group key. */
final class RecordKey implements GroupKey {
    private final KeyRules rules;

    RecordKey(KeyRules rules) {
        this.rules = rules;
    }

    @Override
    public void read(SourceRecord record, Fields fields, Event event) {
        ByteRange key = rules.recordKey(record);
        if (key == null) {
            throw new RejectedException(
                    Reason.NULL_KEY,
                    "the record has no key, which is to be its group key; declare " + Setting.KEY_FIELDS + " instead");
        }
        rules.check(key.bytes(), key.start(), key.length());
        rules.requirePlace(record);
        event.key(key.bytes(), key.start(), key.length());
    }
}
