package io.tally.command.explain;

import io.tally.command.recount.Coordinates;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of the source, as the answer shows it.
 *
 * @param event its number within the record, from 1; 0 if it is the whole record
 * @param time its event time; null if it cannot be read
 * @param why why it is not counted; null if it is
 */
record EventPlace(
        int partition,
        long offset,
        int event,
        @Nullable Instant time,
        @Nullable String why) {
    static EventPlace of(Coordinates at, @Nullable Long time, @Nullable String why) {
        return new EventPlace(
                at.partition(), at.offset(), at.event(), time == null ? null : Instant.ofEpochMilli(time), why);
    }

    Coordinates coordinates() {
        return new Coordinates(partition, offset, event);
    }
}
