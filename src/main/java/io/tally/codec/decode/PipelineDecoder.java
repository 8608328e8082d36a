package io.tally.codec.decode;

import io.tally.aggregate.Event;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.Framing;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceLimits;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.Utf8;
import io.tally.codec.key.GroupKey;
import io.tally.setting.Setting;
import org.jspecify.annotations.Nullable;

/** Reads fields, event time, filter, group key and aggregate inputs, in this order. The first rejection ends it. */
final class PipelineDecoder implements RecordDecoder {
    private final @Nullable Framing framing;
    private final SourceLimits limits;
    private final boolean repairsText;
    private final FieldReader reader;
    private Fields fields;
    private final EventTime eventTime;
    private final Filter filter;
    private final GroupKey groupKey;
    private final Inputs inputs;
    private final boolean skipsNullValues;
    private @Nullable Rejection rejection;

    PipelineDecoder(
            @Nullable Framing framing,
            SourceLimits limits,
            boolean repairsText,
            FieldReader reader,
            Fields fields,
            EventTime eventTime,
            Filter filter,
            GroupKey groupKey,
            Inputs inputs,
            boolean skipsNullValues) {
        this.framing = framing;
        this.limits = limits;
        this.repairsText = repairsText;
        this.reader = reader;
        this.fields = fields;
        this.eventTime = eventTime;
        this.filter = filter;
        this.groupKey = groupKey;
        this.inputs = inputs;
        this.skipsNullValues = skipsNullValues;
    }

    @Override
    public @Nullable Framing framing() {
        return framing;
    }

    @Override
    public Verdict decode(SourceRecord record, Event event) {
        rejection = null;
        try {
            return tryDecode(record, event);
        } catch (RejectedException e) {
            rejection = e.rejection();
            return Verdict.REJECTED;
        }
    }

    private Verdict tryDecode(SourceRecord record, Event event) {
        ByteRange found = record.value();
        if (found == null) {
            if (skipsNullValues) {
                return Verdict.SKIPPED;
            }
            throw new RejectedException(
                    Reason.EMPTY_VALUE,
                    "the record has no value; if these are tombstones, set " + Setting.SOURCE_NULL_VALUES + " to skip");
        }
        ByteRange value = ByteOrderMark.skip(found);
        if (value.length() == 0) {
            throw new RejectedException(Reason.EMPTY_VALUE, "the record's value is empty");
        }
        limits.checkBytes(value.length());
        value = reader.payload(value);
        if (repairsText) {
            value = Utf8.valid(value);
        }
        if (reader.skips(value)) {
            return Verdict.SKIPPED;
        }
        reader.read(value, fields);
        long time = eventTime.read(record, fields);
        event.time(time);
        if (!filter.accepts(fields)) {
            eventTime.seen(time);
            return Verdict.FILTERED;
        }
        groupKey.read(record, fields, event);
        inputs.read(fields, event);
        eventTime.seen(time);
        return Verdict.ACCEPTED;
    }

    @Override
    public @Nullable Long latestTime() {
        return eventTime.latest();
    }

    @Override
    public void resumeAfter(long latestTime) {
        eventTime.resumeAfter(latestTime);
    }

    @Override
    public @Nullable String header() {
        return reader.header();
    }

    @Override
    public void resumeUnder(@Nullable String header) {
        reader.resumeUnder(header);
    }

    @Override
    public long maxAhead() {
        return eventTime.maxAhead();
    }

    @Override
    public void believeUpTo(long latest) {
        eventTime.believeUpTo(latest);
    }

    @Override
    public long lastByClock() {
        return eventTime.lastByClock();
    }

    @Override
    public void release() {
        fields = fields.anew();
    }

    @Override
    public @Nullable Rejection rejection() {
        return rejection;
    }
}
