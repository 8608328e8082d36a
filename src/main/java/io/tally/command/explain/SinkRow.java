package io.tally.command.explain;

import io.tally.command.recount.RedriveMark;
import io.tally.engine.WindowResult;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A row of the key and window in a sink. */
final class SinkRow {
    final int sink;
    final String topic;
    final int partition;
    final long offset;
    /** When it was sent, in the transaction that took it there; milliseconds since the epoch. */
    final long timestamp;

    /** The mark that redrive has given it; null if the pipeline has written it. */
    final @Nullable RedriveMark mark;

    private final byte @Nullable [] key;
    final byte @Nullable [] value;

    /** The row of the recount that it is; null if it is none. */
    @Nullable
    WindowResult match;
    /** How many events the recount had counted for it then. */
    long events;
    /** The last of them. */
    @Nullable
    EventPlace last;
    /** The partition whose watermark closes it. */
    int closing;

    SinkRow(
            int sink,
            String topic,
            int partition,
            long offset,
            long timestamp,
            @Nullable RedriveMark mark,
            byte @Nullable [] key,
            byte @Nullable [] value) {
        this.sink = sink;
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.timestamp = timestamp;
        this.mark = mark;
        this.key = key;
        this.value = value;
    }

    /** Whether it is this one of the pipeline's rows. */
    boolean is(byte[] otherKey, byte[] otherValue) {
        return mark == null && Arrays.equals(key, otherKey) && Arrays.equals(value, otherValue);
    }

    /** Notes which row of the recount it is, how many events that counts, and the last of them. */
    void match(WindowResult result, long counted, @Nullable EventPlace lastCounted, int partition) {
        match = result;
        events = counted;
        last = lastCounted;
        closing = partition;
    }

    void forget() {
        match = null;
        events = 0;
        last = null;
    }

    String place() {
        return topic + "-" + partition + "@" + offset;
    }
}
