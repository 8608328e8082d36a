package io.tally.codec.decode;

import io.tally.codec.FieldNames;
import io.tally.codec.Fields;
import io.tally.codec.SourceFormat;
import io.tally.codec.key.GroupKey;
import io.tally.codec.key.KeySpec;
import io.tally.codec.time.TimeWriter;
import io.tally.codec.time.TimestampSpec;
import java.util.List;

/** Makes record decoders. */
public final class Decoders {
    private Decoders() {}

    /**
     * A decoder for one lane; give every lane its own.
     *
     * @param source how fields are found
     * @param timestamp where the event time is, and which times are believed
     * @param key what the group key is
     * @param filter which records count
     * @param inputs the fields that aggregates read, in the order of their slots in the event
     * @throws IllegalArgumentException if a part names a field that the source does not declare, or a format that can
     *     never match; the message starts with the part as the configuration calls it
     */
    public static RecordDecoder create(
            SourceFormat source, TimestampSpec timestamp, KeySpec key, FilterSpec filter, List<InputField> inputs) {
        if (timestamp.field() != null && timestamp.further().isEmpty()) {
            source.requireReadable(timestamp.format(), TimeWriter.sample(timestamp.format(), timestamp.zone()));
        }
        FieldNames names = new FieldNames(source);
        EventTime eventTime = new EventTime(timestamp, names);
        Filter compiledFilter = new Filter(filter, names);
        GroupKey groupKey = GroupKey.create(key, names);
        Inputs compiledInputs = new Inputs(inputs, names);
        // Only now all needed fields are known.
        return new PipelineDecoder(
                source.newFraming(),
                source.limits(),
                source.repairsText(),
                source.newReader(names),
                new Fields(names.names()),
                eventTime,
                compiledFilter,
                groupKey,
                compiledInputs,
                filter.nullValues());
    }
}
