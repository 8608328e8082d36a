package io.tally.testkit;

import io.tally.aggregate.Event;
import java.util.Random;

/** Makes random events. */
@FunctionalInterface
public interface EventSample {
    /** Sets the time and every field of {@code event} from {@code random} alone. */
    void fill(Random random, Event event);
}
