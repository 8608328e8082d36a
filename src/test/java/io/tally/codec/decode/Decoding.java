package io.tally.codec.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.SourceFormat;
import io.tally.codec.SourceRecord;
import io.tally.codec.key.KeySpec;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.time.TimestampSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A decoder under test with its event; starts as the default pipeline's, to be changed part by part. */
public final class Decoding {
    static final SourceFormat LINES = new ColumnsFormat(List.of("time", "ip", "bytes", "agent"), ' ');

    private SourceFormat source = LINES;
    private TimestampSpec timestamp = timestamp("time", "yyyy-MM-dd_HH:mm:ss");
    private KeySpec key = new KeySpec(List.of("ip"), true, 1024);
    private FilterSpec filter = FilterSpec.NONE;
    private List<InputField> inputs = List.of();
    private @Nullable RecordDecoder decoder;
    private @Nullable Event event;

    public static TimestampSpec timestamp(@Nullable String field, String format) {
        return new TimestampSpec(
                field, format, ZoneOffset.UTC, Instant.parse("2000-01-01T00:00:00Z"), Duration.ofDays(1));
    }

    public Decoding source(SourceFormat source) {
        this.source = source;
        return this;
    }

    public Decoding timestamp(TimestampSpec timestamp) {
        this.timestamp = timestamp;
        return this;
    }

    public Decoding key(boolean verify, int maxBytes, String... fields) {
        this.key = new KeySpec(List.of(fields), verify, maxBytes);
        return this;
    }

    /** Record keys in another form, or by a partitioner. */
    public Decoding key(KeySpec spec) {
        this.key = spec;
        return this;
    }

    public Decoding filter(FilterSpec.Condition... conditions) {
        this.filter = new FilterSpec(List.of(conditions));
        return this;
    }

    Decoding skippingNullValues() {
        this.filter = new FilterSpec(filter.conditions(), true);
        return this;
    }

    public Decoding inputs(InputField... inputs) {
        this.inputs = List.of(inputs);
        return this;
    }

    int inputCount() {
        return inputs.size();
    }

    RecordDecoder decoder() {
        if (decoder == null) {
            decoder = newDecoder();
        }
        return decoder;
    }

    /** Another decoder of the same configuration, which has seen nothing yet. */
    RecordDecoder newDecoder() {
        return Decoders.create(source, timestamp, key, filter, inputs);
    }

    /** As at the end of a batch. */
    void release() {
        decoder().release();
        event = null;
    }

    public Event event() {
        if (event == null) {
            event = new Event(inputs.size());
        }
        return event;
    }

    public RecordDecoder.Verdict decode(SourceRecord record) {
        return decoder().decode(record, event());
    }

    public Event accept(SourceRecord record) {
        RecordDecoder.Verdict verdict = decode(record);
        assertThat(decoder().rejection()).isNull();
        assertThat(verdict).isEqualTo(RecordDecoder.Verdict.ACCEPTED);
        return event();
    }

    public String reject(Reason reason, SourceRecord record) {
        assertThat(decode(record)).isEqualTo(RecordDecoder.Verdict.REJECTED);
        Rejection rejection = Objects.requireNonNull(decoder().rejection());
        assertThat(rejection.reason()).as(rejection.detail()).isEqualTo(reason);
        assertThat(rejection.detail()).matches("[ -~]{1,200}");
        return rejection.detail();
    }

    public static String key(Event event) {
        return new String(event.keyBuffer(), event.keyStart(), event.keyLength(), StandardCharsets.UTF_8);
    }
}
