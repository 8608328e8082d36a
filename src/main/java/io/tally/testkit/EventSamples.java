package io.tally.testkit;

import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Random events, lent out as decoders do: in a buffer that the next record overwrites. */
final class EventSamples {
    private final int fields;
    private final EventSample sample;

    EventSamples(int fields, EventSample sample) {
        this.fields = fields;
        this.sample = sample;
    }

    List<Event> list(Random random, int number) {
        List<Event> events = new ArrayList<>(number);
        for (int i = 0; i < number; i++) {
            Event event = new Event(fields);
            sample.fill(random, event);
            events.add(event);
        }
        return events;
    }

    /** Shows a copy of the event whose texts are gone afterwards: whoever keeps the buffer shows. */
    void lend(Event event, Consumer<Event> borrower) {
        Event copy = new Event(fields);
        copy.time(event.time());
        for (int i = 0; i < fields; i++) {
            FieldValue value = event.field(i);
            byte[] text = value.copyText();
            copy.field(i).text(text, 0, text.length);
            BigDecimal big = value.big();
            if (big == null) {
                copy.field(i).number(value.unscaled(), value.scale());
            } else {
                copy.field(i).number(big);
            }
            if (value.isMissing()) {
                copy.field(i).missing();
            }
        }
        try {
            borrower.accept(copy);
        } finally {
            for (int i = 0; i < fields; i++) {
                Arrays.fill(copy.field(i).buffer(), (byte) '?');
            }
        }
    }
}
