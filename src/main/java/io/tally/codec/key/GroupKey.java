package io.tally.codec.key;

import io.tally.aggregate.Event;
import io.tally.codec.FieldNames;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.SourceRecord;
import io.tally.setting.Setting;
import java.util.List;

/** Takes the group key of a record. */
public interface GroupKey {
    /**
     * Sets the event's key.
     *
     * @throws RejectedException if the record has no usable group key, or not the one that it is partitioned by
     */
    void read(SourceRecord record, Fields fields, Event event);

    static GroupKey create(KeySpec spec, FieldNames fields) {
        KeyRules rules = new KeyRules(spec);
        List<String> names = spec.fields();
        int[] slots = names.stream()
                .mapToInt(name -> fields.slot(name, Setting.KEY_FIELDS))
                .toArray();
        return switch (slots.length) {
            case 0 -> new RecordKey(rules);
            case 1 -> new FieldKey(slots[0], rules);
            default -> new CompositeKey(slots, rules, spec.maxBytes());
        };
    }
}
