package io.tally.codec.decode;

import io.tally.aggregate.Event;
import io.tally.codec.FieldNames;
import io.tally.codec.Fields;
import java.util.List;

/** Hands the aggregates' input fields to the event, and counts those without a value. */
final class Inputs {
    private final Input[] inputs;
    /** For each slot, an earlier slot that reads the same field in another way; -1 for none. */
    private final int[] twins;

    /** Whether the last record lacks the value, by slot. */
    private final boolean[] missing;

    Inputs(List<InputField> fields, FieldNames names) {
        inputs = fields.stream()
                .map(field -> new Input(field, names.slot(field.name(), "an aggregate")))
                .toArray(Input[]::new);
        List<String> read = fields.stream().map(InputField::name).toList();
        twins = new int[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            twins[i] = read.subList(0, i).indexOf(read.get(i));
        }
        missing = new boolean[inputs.length];
    }

    void read(Fields fields, Event event) {
        int number = 0;
        for (int i = 0; i < inputs.length; i++) {
            missing[i] = !inputs[i].read(fields, event.field(i));
            if (missing[i] && (twins[i] < 0 || !missing[twins[i]])) {
                number++;
            }
        }
        event.missingValues(number);
    }
}
